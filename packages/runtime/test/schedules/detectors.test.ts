import type { ProcessId } from '@upon/contract'
import { IncreasingTimeout, IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { Process } from '@upon/runtime'
import { describe, expect, it } from 'vitest'
import { explore } from './explore'
import { randomOf } from './random'
import { ShuffledNetwork } from './shuffled-network'

const processes = ['p', 'q', 'r']
const PERIOD_MS = 100

interface Seen {
  readonly suspected: Set<ProcessId>
  trusted: ProcessId | undefined
  suspicions: number
  restorals: number
  /** What was said twice, or taken back unsaid. */
  nonsense: string | undefined
}

/** A leader detector over a failure detector in each of three processes. */
function system(seed: number, detector: 'time-outs' | 'hints') {
  const random = randomOf(seed)
  const network = new ShuffledNetwork(random)
  const seen = new Map<ProcessId, Seen>()
  const running = new Map<ProcessId, { stop(): void; snapshot(): Record<string, object> }>()
  network.onCrash = (p) => running.get(p)?.stop()
  for (const self of processes) {
    const mine: Seen = { suspected: new Set(), trusted: undefined, suspicions: 0, restorals: 0, nonsense: undefined }
    seen.set(self, mine)
    const supply = [network.transport(self), network.timer(self), network.watch(self)] as const
    const process = new Process({
      self,
      processes,
      supply,
      observe: ({ event, attributes }) => {
        const p = attributes[0] as ProcessId
        if (event === 'suspect') {
          if (mine.suspected.has(p)) mine.nonsense = `${self} suspected ${p} twice`
          mine.suspected.add(p)
          mine.suspicions++
        } else if (event === 'restore') {
          if (!mine.suspected.delete(p)) mine.nonsense = `${self} restored ${p} unsuspected`
          mine.restorals++
        } else if (event === 'trust') mine.trusted = p
      },
    })
    running.set(self, process)
    process.upon(
      process.run(MonarchicalEventualLeaderDetection.over({ epfd: detector === 'hints' ? IncreasingTimeoutWithHints : IncreasingTimeout }))
        .trust,
      () => {},
    )
  }
  return { random, network, seen, running, correct: () => processes.filter((p) => !network.crashed.has(p)) }
}

type System = ReturnType<typeof system>

/** What of the detectors' properties does not hold, at a moment when they must. */
function violationIn({ seen, network, correct }: System): string | undefined {
  const leader = correct().at(-1)
  for (const p of correct()) {
    const { suspected, trusted, nonsense } = seen.get(p) as Seen
    if (nonsense !== undefined) return nonsense
    for (const q of network.crashed) if (!suspected.has(q)) return `EPFD1 strong completeness: ${p} does not suspect ${q}`
    for (const q of correct()) if (suspected.has(q)) return `EPFD2 eventual strong accuracy: ${p} suspects ${q}`
    if (!correct().includes(trusted as ProcessId)) return `ELD1 eventual accuracy: ${p} trusts ${trusted}`
    if (trusted !== leader) return `ELD2 eventual agreement: ${p} trusts ${trusted}, and not ${leader}`
  }
  return undefined
}

/** Asynchronous, with crashes and pauses; then messages take at most two and a half periods, so a round trip takes five. */
function run(seed: number, detector: 'time-outs' | 'hints'): System {
  const made = system(seed, detector)
  const { random, network } = made
  for (const p of processes) if (random.chance(0.25) && network.crashed.size < 2) network.crashAfterSends(p, random.below(100))
  const steps = random.below(600)
  for (let i = 0; i < steps; i++) {
    if (random.chance(0.02)) network.pause(random.pick(processes))
    if (random.chance(0.05)) for (const p of processes) network.resume(p)
    if (random.chance(0.02)) network.refuse(random.pick(processes), random.pick(processes))
    network.step()
  }
  for (const p of processes) network.resume(p)
  network.stabilise(2.5 * PERIOD_MS)
  for (let i = 0; i < 3; i++) {
    // a correct process whose connections come and go: ten wrong hints about each, now and then
    network.advance(10_000)
    for (let k = 0; k < 10; k++) network.refuse(random.pick(made.correct()), random.pick(processes))
  }
  network.advance(10_000)
  return made
}

describe.each(['time-outs', 'hints'] as const)('increasing timeout by %s, and monarchical leader detection over it', (detector) => {
  it('EPFD1, EPFD2, ELD1, ELD2 once the network has stabilised; nobody is suspected twice or restored unsuspected', () => {
    expect(explore(60, (seed) => violationIn(run(seed, detector)))).toBeUndefined()
  })

  it('suspects falsely in many schedules, restores, and waits longer from then on', () => {
    const runs = Array.from({ length: 10 }, (_, i) => run(i + 1, detector))
    const restorals = runs.reduce((sum, { seen }) => sum + [...seen.values()].reduce((n, s) => n + s.restorals, 0), 0)
    expect(restorals).toBeGreaterThan(20)
    const delays = runs.flatMap(({ running }) =>
      [...running.values()].map((process) => (process.snapshot()['eld.epfd'] as { delayMs: number } | undefined)?.delayMs ?? 0),
    )
    expect(Math.max(...delays)).toBeGreaterThan(PERIOD_MS)
  })
})

describe('hints', () => {
  const quiet = () => {
    const made = system(1, 'hints')
    made.network.stabilise(10)
    return made
  }

  it('a process that refuses connections is suspected at once, and restored within two periods if it is alive after all', () => {
    const made = quiet()
    made.network.advance(1000)
    made.network.refuse('p', 'r')
    expect([...(made.seen.get('p') as Seen).suspected]).toEqual(['r'])
    expect(made.seen.get('p')?.trusted).toBe('q')
    made.network.advance(2 * PERIOD_MS)
    expect([...(made.seen.get('p') as Seen).suspected]).toEqual([])
    expect(made.seen.get('p')?.trusted).toBe('r')
  })

  it('EPFD2: wrong hints about a correct process are believed only three times, and do not make the detector slower', () => {
    const made = quiet()
    for (let i = 0; i < 200; i++) {
      made.network.advance(70) // at every moment of the period: before and after the answer
      made.network.refuse('p', 'r')
    }
    expect(made.seen.get('p')).toMatchObject({ suspicions: 3, restorals: 3 })
    expect(violationIn(made)).toBeUndefined()
    expect(made.running.get('p')?.snapshot()['eld.epfd']).toMatchObject({ delayMs: PERIOD_MS })
  })

  it('EPFD1: who has crashed is suspected also when hints about it are believed no more', () => {
    const made = quiet()
    for (let i = 0; i < 5; i++) {
      made.network.advance(500)
      made.network.refuse('p', 'r')
    }
    made.network.advance(1000)
    made.network.crash('r')
    made.network.advance(1000)
    expect(violationIn(made)).toBeUndefined()
  })
})

it('costs what its header says: 2 messages a period for each pair of processes', () => {
  const { network } = system(1, 'time-outs')
  network.stabilise(1)
  network.advance(10 * PERIOD_MS + 50)
  const pairs = processes.length * (processes.length - 1) // p asks q, and q asks p; itself is not asked over the network
  expect(Object.fromEntries(network.sentKinds)).toEqual({ HEARTBEATREQUEST: 10 * pairs, HEARTBEATREPLY: 10 * pairs })
})
