import {
  type AtLeastOncePointToPointLinks,
  type FairLossPointToPointLinks,
  type Layer,
  type Port,
  type ProcessId,
  Timer,
} from '@upon/contract'
import { Process } from '@upon/runtime'
import { LossyMemoryNetwork, type LossyMemoryNetworkOptions } from '@upon/transport/memory'

/** Numbers from 0 to below 1, the same for the same seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Timers that time out when told. */
export class Timers {
  #running = new Set<() => void>()
  readonly delaysMs: number[] = []

  readonly port: Port<Timer> = {
    sort: 'port',
    abstraction: Timer,
    open: ({ indicate: { timeout } }) => ({
      upon: {
        start: (delayMs) => {
          this.delaysMs.push(delayMs)
          this.#running.add(timeout)
        },
      },
      close: () => this.#running.delete(timeout),
    }),
  }

  get running(): number {
    return this.#running.size
  }

  /** Has every timer that is running time out once. */
  period(): void {
    const due = this.#running
    this.#running = new Set()
    for (const timeout of due) timeout()
  }
}

export interface Sent {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly message: unknown
}

type Links = Layer<FairLossPointToPointLinks | AtLeastOncePointToPointLinks, FairLossPointToPointLinks | Timer, string>

/** Processes p, q and r over a network that does as told, with timers by hand. `layer` gives links that carry texts. */
export function system(layer: Links, disturbance: Omit<LossyMemoryNetworkOptions, 'random'> & { seed?: number } = {}) {
  const network = new LossyMemoryNetwork({ random: seeded(disturbance.seed ?? 1), ...disturbance })
  const timers = new Timers()
  const processes = ['p', 'q', 'r']
  const sent: Sent[] = []
  const cut = new Set<string>()
  const delivered: string[] = []
  const members = processes.map((self) => {
    const transport = network.transport(self)
    const watched: typeof transport = {
      ...transport,
      send: (to, path, message) => {
        sent.push({ from: self, to, message })
        if (!cut.has(self + to)) transport.send(to, path, message)
      },
    }
    const process = new Process({ self, processes, supply: [watched, timers.port] })
    const links = process.run(layer as Layer<FairLossPointToPointLinks, FairLossPointToPointLinks | Timer, string>)
    process.upon(links.deliver, (p, m) => {
      delivered.push(`${p}>${self} ${m}`)
    })
    return [self, { process, send: links.send }] as const
  })
  const byName = new Map(members)
  return {
    network,
    timers,
    sent,
    delivered,
    /** Loses everything on a link from now on: `cut.add('pq')`. */
    cut,
    send: (p: ProcessId, q: ProcessId, m: string) => byName.get(p)?.send(q, m),
    /** Has a message arrive that nobody sent just now: one from before. */
    inject: (from: ProcessId, to: ProcessId, path: string, message: unknown) => network.transport(from).send(to, path, message),
    crash: (p: ProcessId) => {
      byName.get(p)?.process.stop()
      network.detach(p)
    },
    stateOf: (p: ProcessId, path: string) => byName.get(p)?.process.snapshot()[path],
    messages: (kind: string) => sent.filter(({ message }) => (message as { kind?: string }).kind === kind),
  }
}

/** How often each line occurs. */
export function counts(lines: readonly string[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of lines) found.set(line, (found.get(line) ?? 0) + 1)
  return found
}
