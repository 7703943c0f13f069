import type { ProcessId } from '@upon/contract'
import { type Proceed, type Setup, startClient } from '../engine/simulate'
import type { Simulation } from '../engine/simulation'
import type { ClientOperation } from '../plan/plan'

interface Client<O> {
  /** What it has not begun. */
  readonly left: ClientOperation<O>[]
  /** What it has begun, each with how long it had waited before. */
  readonly begun: ClientOperation<O>[]
  /** Since when it waits for something to do; undefined while it waits for an answer. */
  idleUs: number | undefined
  proceed: Proceed | undefined
  hasRecovered: boolean
}

/** An operation as a plan has it begin at a moment: so long after the client has become idle, in whichever of its lives. */
function begunAt<O>({ idleUs = 0, hasRecovered }: Client<O>, operation: ClientOperation<O>, timeUs: number): ClientOperation<O> {
  const begun = { ...operation, afterMs: (timeUs - idleUs) / 1000 }
  return hasRecovered ? { ...begun, atMs: timeUs / 1000 } : begun
}

/** The clients of all processes of a session: each does one thing after the other, as those of a plan do. */
export class Clients<O> {
  readonly #clients: Client<O>[]

  constructor(
    readonly simulation: Simulation,
    readonly setup: Setup<O>,
    operations: readonly ClientOperation<O>[],
  ) {
    this.#clients = simulation.plan.processes.map((p) => {
      const left = operations.filter(({ process }) => process === p)
      return { left, begun: [], idleUs: undefined, proceed: undefined, hasRecovered: false }
    })
  }

  /** Sets a process up; also after a recovery. */
  begin(host: number): void {
    const client = this.#at(host)
    const { timeline } = this.simulation
    const onIdle = () => {
      client.idleUs = timeline.nowUs
    }
    const onBegin = (operation: ClientOperation<O>) => {
      client.begun.push(begunAt(client, operation, timeline.nowUs))
      client.idleUs = undefined
    }
    client.hasRecovered = client.proceed !== undefined
    client.proceed = startClient(this.simulation, host, client.left, this.setup, { onIdle, onBegin })
  }

  /** Whether processes take requests at all. */
  takesRequests(host: number): boolean {
    return this.#at(host).proceed !== undefined
  }

  /** Adds a request. Says whether the client takes it now, or has others to do first. */
  add(host: number, operation: O): boolean {
    const client = this.#at(host)
    const { idleUs, left, proceed } = client
    const isFirst = idleUs !== undefined && left.length === 0
    const request = { process: this.simulation.plan.processes[host] as ProcessId, afterMs: 0, operation }
    left.push(isFirst ? begunAt(client, request, this.simulation.timeline.nowUs) : request)
    if (isFirst) proceed?.(0)
    return isFirst
  }

  /** The request under way to a client comes at another moment. */
  move(host: number, timeUs: number): void {
    const client = this.#at(host)
    const [first] = client.left
    if (first !== undefined && client.idleUs !== undefined) client.left[0] = begunAt(client, first, timeUs)
  }

  /** What a client has still to do, the first one perhaps scheduled already. */
  leftAt(host: number): readonly ClientOperation<O>[] {
    return this.#at(host).left
  }

  isIdle(host: number): boolean {
    return this.#at(host).idleUs !== undefined
  }

  /** What all clients did and will do, as a plan has it. */
  get operations(): ClientOperation<O>[] {
    return this.#clients.flatMap(({ begun, left }) => [...begun, ...left])
  }

  #at(host: number): Client<O> {
    return this.#clients[host] as Client<O>
  }
}
