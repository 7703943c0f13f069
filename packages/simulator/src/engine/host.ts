import {
  ConnectionWatch,
  FairLossPointToPointLinks,
  type MessageCapacity,
  type Module,
  PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type RandomSource,
  type Signatures,
  type StableStorage,
  Timer,
  type Transport,
  type Turn,
} from '@upon/contract'
import { type HandlerError, memoryStorage, type Observation, Process, type ProcessOptions } from '@upon/runtime'
import { copyOf } from './copy'
import { type PortWorld, portsOf } from './ports'

/** The layers below every simulated process. */
export type Supply = readonly [
  Transport<PerfectPointToPointLinks>,
  Transport<FairLossPointToPointLinks>,
  Port<Timer>,
  Port<ConnectionWatch>,
  Port<StableStorage>,
  Port<RandomSource>,
  Port<Signatures>,
  Port<Turn>,
  Port<MessageCapacity>,
]

/** A timer of an algorithm, as its host keeps it. */
export interface WorldTimer {
  readonly host: number
  readonly path: string
  readonly timeout: () => void
}

/** The world outside a process, which its ports reach. Processes are numbered by rank, from 0. */
export interface World extends PortWorld {
  send(from: number, to: ProcessId, path: string, message: unknown, links: 'perfect' | 'fair-loss'): void
  /** Makes a timer; what it returns starts it. */
  timer(timer: WorldTimer): { start(delayMs: number): void; stop(): void }
  observe(host: number, observation: Observation): void
  observes(module: string, path: string): boolean
  /** Whether `observe` gets the rules of an instance, too. */
  observesRules(module: string, path: string): boolean
  crashed(host: number, error: HandlerError): void
  missing(host: number, path: string, from: ProcessId, message: unknown): void
  nowMs(): number
  /** The place of a process in the order of ranks. */
  place(p: ProcessId): number
}

/** Far more than any algorithm does in one step; an algorithm that does more would hang the simulator. */
const LIMIT_STEP_EVENTS = 100_000

/** One process of a world, with its ports. */
export class Host {
  /** Since its last recovery. */
  process: Process<Supply>
  readonly refusals: ((p: ProcessId) => void)[] = []
  readonly #options: ProcessOptions<Supply>
  #receive: (from: ProcessId, path: string, message: unknown) => void = () => {}

  /** `links` says which there are: none that are perfect, where processes recover. */
  constructor(
    readonly index: number,
    processes: readonly ProcessId[],
    world: World,
    links: 'all' | 'fair-loss' = 'all',
    storage: Port<StableStorage> = memoryStorage(),
  ) {
    const lossy = [
      this.#transport(FairLossPointToPointLinks, world, 'fair-loss'),
      timers(index, world),
      this.#watch(),
      storage,
      ...portsOf(index, world),
    ] as const
    const supply = links === 'all' ? ([this.#transport(PerfectPointToPointLinks, world, 'perfect'), ...lossy] as const) : lossy
    this.#options = {
      self: processes[index] as ProcessId,
      processes,
      rank: (p) => world.place(p) + 1,
      supply: supply as Supply, // the runtime refuses an algorithm that needs a perfect link where there is none
      clock: () => world.nowMs(),
      observe: (observation) => world.observe(index, observation),
      observes: (module, path) => world.observes(module, path),
      observesRules: (module, path) => world.observesRules(module, path),
      onCrash: (error) => world.crashed(index, error),
      limitStepEvents: LIMIT_STEP_EVENTS,
      onMissing: (path, from, message) => world.missing(index, path, from, message),
      onUnclaimed: () => {}, // the trace has every event: a warning is not needed
      onOverflow: () => {},
    }
    this.process = new Process(this.#options)
  }

  /** Restarts the process after a crash, with what it had stored and nothing else. */
  start(): void {
    this.process = new Process(this.#options)
  }

  receive(from: ProcessId, path: string, message: unknown): void {
    this.#receive(from, path, message)
  }

  #transport<L extends Module>(guarantees: Transport<L>['guarantees'], world: World, links: 'perfect' | 'fair-loss'): Transport<L> {
    const { index } = this
    return {
      sort: 'transport',
      guarantees,
      send: (to, path, message) => world.send(index, to, path, copyOf(message), links),
      attach: (receive) => {
        this.#receive = receive // the same for both links: the path of a message identifies its instance
      },
    }
  }

  #watch(): Port<ConnectionWatch> {
    return {
      sort: 'port',
      abstraction: ConnectionWatch,
      open: ({ indicate }) => {
        this.refusals.push(indicate.refused)
        return { upon: {}, close: () => void this.refusals.splice(this.refusals.indexOf(indicate.refused), 1) }
      },
    }
  }
}

function timers(host: number, world: World): Port<Timer> {
  return {
    sort: 'port',
    abstraction: Timer,
    open: ({ path, indicate }) => {
      const timer = world.timer({ host, path, timeout: indicate.timeout })
      return { upon: { start: (delayMs) => timer.start(delayMs) }, close: () => timer.stop() }
    },
  }
}
