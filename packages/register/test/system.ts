import {
  type Outside,
  PerfectFailureDetector,
  PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type RegularRegister,
  type Transport,
} from '@upon/contract'
import { type Observation, Process } from '@upon/runtime'

export interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly path: string
  readonly message: { readonly kind: string; readonly [field: string]: unknown }
}

type Supply = [Transport<PerfectPointToPointLinks>, Port<PerfectFailureDetector>]

/** One process with its register: the requests of its client, and the returns. */
interface Client {
  readonly self: ProcessId
  readonly process: Process<Supply>
  read(): void
  write(v: number): void
  /** `read 5`, `written`. */
  readonly seen: readonly string[]
}

/**
 * Processes p, q, r, ... with a register each. Messages arrive at once, in rounds, but those that the test holds; crashes are detected
 * when the test says so.
 */
export class System {
  /** As many as there are. */
  readonly clients: readonly [p: Client, q: Client, r: Client, s: Client, t: Client]
  /** Rounds of messages, messages and requests of registers further down, since the last `costs`. */
  #costs = { steps: 0, messages: 0, reads: 0, writes: 0 }
  readonly #inTransit: InTransit[] = []
  readonly #receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  readonly #detectors: ((p: ProcessId) => void)[] = []
  #isHeld: (message: InTransit) => boolean = () => false

  constructor(n: number, run: (process: Process<Supply>) => Outside<RegularRegister, number>) {
    const processes = ['p', 'q', 'r', 's', 't'].slice(0, n)
    const clients = processes.map((self): Client => {
      const supply: Supply = [this.#transport(self), this.#detector()]
      const process = new Process({ self, processes, supply, observe: (observation) => this.#count(observation) })
      const register = run(process)
      const seen: string[] = []
      process.upon(register.readReturn, (v) => seen.push(`read ${v}`))
      process.upon(register.writeReturn, () => seen.push('written'))
      const read = () => {
        register.read()
        this.#settle()
      }
      const write = (v: number) => {
        register.write(v)
        this.#settle()
      }
      return { self, process, seen, read, write }
    })
    this.clients = clients as never
  }

  /** From now on these messages stay in transit; others that were held arrive. */
  hold(isHeld: (message: InTransit) => boolean): void {
    this.#isHeld = isHeld
    this.#settle()
  }

  /** All that was held arrives. */
  release(): void {
    this.hold(() => false)
  }

  /** Of the messages that are held, these arrive once more than they were sent, which perfect links never do. */
  repeat(isRepeated: (message: InTransit) => boolean): void {
    for (const { from, to, path, message } of this.#inTransit.filter(isRepeated)) this.#receivers.get(to)?.(from, path, message)
  }

  /** A process crashes: what is sent to it is lost; what it has sent still arrives. */
  crash(p: ProcessId): void {
    this.clients.find(({ self }) => self === p)?.process.stop()
    this.#receivers.delete(p)
  }

  /** All detect that a process has crashed. */
  detect(p: ProcessId): void {
    for (const crash of this.#detectors) crash(p)
    this.#settle()
  }

  /** What was needed since it was last asked. */
  costs(): { steps: number; messages: number; reads: number; writes: number } {
    const costs = this.#costs
    this.#costs = { steps: 0, messages: 0, reads: 0, writes: 0 }
    return costs
  }

  /** What the clients were told since they were last asked. */
  returned(): string[][] {
    return this.clients.map(({ seen }) => (seen as string[]).splice(0))
  }

  #transport(self: ProcessId): Supply[0] {
    return {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => this.#inTransit.push({ from: self, to, path, message: message as InTransit['message'] }),
      attach: (receive) => this.#receivers.set(self, receive),
    }
  }

  #detector(): Supply[1] {
    return {
      sort: 'port',
      abstraction: PerfectFailureDetector,
      open: ({ indicate }) => {
        this.#detectors.push(indicate.crash)
        return { upon: {} }
      },
    }
  }

  #count({ path, direction, event }: Observation): void {
    if (direction === 'indication') return
    if (event === 'send') this.#costs.messages++ // those to oneself as well, as the book counts
    if (event === 'read' && path.includes('.')) this.#costs.reads++
    if (event === 'write' && path.includes('.')) this.#costs.writes++
  }

  #settle(): void {
    for (;;) {
      const arriving = this.#inTransit.filter((message) => !this.#isHeld(message))
      if (arriving.length === 0) return
      const held = this.#inTransit.filter(this.#isHeld)
      this.#inTransit.splice(0, this.#inTransit.length, ...held)
      this.#costs.steps++
      for (const { from, to, path, message } of arriving) this.#receivers.get(to)?.(from, path, message)
    }
  }
}
