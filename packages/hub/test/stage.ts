import { afterEach } from 'vitest'
import { Hub, type HubEvent, type HubOptions } from '../src/index'
import { type FakeProcess, type Quirks, startProcesses, World } from './fake-process'

let hubs: Hub[] = []
let worlds: World[] = []

afterEach(async () => {
  await Promise.all(hubs.map((hub) => hub.close()))
  await Promise.all(worlds.flatMap(({ processes }) => processes).map((process) => process.stop()))
  hubs = []
  worlds = []
})

export interface Stage {
  readonly hub: Hub
  readonly world: World
  readonly events: HubEvent[]
  readonly lines: string[]
}

/** A hub on a free port, and what it says; closed after the test. */
export async function stage(options: Partial<HubOptions> = {}): Promise<Stage> {
  const events: HubEvent[] = []
  const lines: string[] = []
  const hub = await Hub.listen({
    ...{ host: '127.0.0.1', port: 0, timeoutMs: 2_000, settleMs: 0, ...options },
    onEvent: (event) => {
      events.push(event)
      options.onEvent?.(event)
    },
    log: (level, text) => {
      lines.push(`${level} ${text}`)
      options.log?.(level, text)
    },
  })
  hubs.push(hub)
  const world = new World()
  worlds.push(world)
  return { hub, world, events, lines }
}

/** A stage with registered processes, so many of each owner, in their first system. */
export async function started(
  counts: Record<string, number>,
  options: Partial<HubOptions> = {},
  quirks?: Quirks,
): Promise<Stage & { readonly processes: FakeProcess[] }> {
  const s = await stage(options)
  const processes = await startProcesses(s.hub.address, s.world, counts, quirks)
  await s.hub.registered(processes.map(({ name }) => name))
  await s.hub.system(Object.keys(counts))
  return { ...s, processes }
}

export const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
