import { BasicBroadcast, LazyReliableBroadcast, MajorityAckUniformReliableBroadcast } from '@upon/broadcast'
import { BEB1, RB4 } from '@upon/checker'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { FairLossPointToPointLinks } from '@upon/contract'
import type { Trace } from '@upon/trace'
import { describe, expect, it } from 'vitest'
import {
  type Command,
  CommandRefused,
  describePlan,
  judge,
  openSession,
  overAdversarialLayers,
  Random,
  runSeed,
  type Scenario,
  type Session,
  type SessionModel,
  type Setup,
  type SimulatedProcess,
  shrink,
} from '../src'
import { runPlan } from '../src/engine/simulate'

const urb: Setup<number> = (process) => {
  const { broadcast, deliver } = process.run(MajorityAckUniformReliableBroadcast.of<number>())
  process.upon(deliver, () => {})
  return (m, done) => {
    broadcast(m)
    done()
  }
}

const rb: Setup<number> = (process) => {
  const { broadcast, deliver } = process.run(LazyReliableBroadcast.of<number>())
  process.upon(deliver, () => {})
  return (m, done) => {
    broadcast(m)
    done()
  }
}

const proposer = (process: SimulatedProcess, algorithm: typeof LeaderDrivenConsensus) => {
  const uc = process.run(algorithm.of<number>())
  let isProposed = false
  let decided = () => {}
  process.upon(uc.decide, () => decided())
  return (v: number, done: () => void) => {
    decided = done
    if (isProposed) done()
    else uc.propose(v)
    isProposed = true
  }
}

const consensus: Setup<number> = (process) => proposer(process, LeaderDrivenConsensus)

const overAdversarial: Setup<number> = (process) => proposer(process, overAdversarialLayers(LeaderDrivenConsensus, process) as never)

const lossy: Setup<number> = (process) => {
  const fll = process.run(FairLossPointToPointLinks.of<number>())
  process.upon(fll.deliver, (p, m) => {
    if (m > 0) fll.send(p, m - 1)
  })
  return (m, done) => {
    for (const q of process.processes) if (q !== process.self) fll.send(q, m)
    done()
  }
}

const SEEDS = process.env.UPON_DEEP === '1' ? 100 : 8

const PROCESSES = ['p1', 'p2', 'p3']

/** Something to do, whether it can be done or not. */
function drawCommand(random: Random, { pending, timeMs }: Session<number>, isRecovering: boolean): Command<number> {
  const id = pending.length === 0 ? 'none' : random.pick(pending).id
  const process = random.pick(PROCESSES)
  const isAll = random.chance(50) ? ({ lost: 'all' } as const) : {}
  const commands: readonly (() => Command<number>)[] = [
    () => ({ do: 'next' }),
    () => ({ do: 'next' }),
    () => ({ do: 'deliver', id }),
    () => ({ do: 'deliver', id }),
    () => ({ do: 'timeout', id }),
    () => ({ do: 'until', timeMs: timeMs + random.below(3) }),
    () => ({ do: 'delay', id, byMs: random.below(3) }),
    () => ({ do: 'request', process, operation: random.below(5) }),
    () => ({ do: 'drop', id }),
    () => ({ do: 'duplicate', id }),
    () => ({ do: 'pause', process }),
    () => ({ do: 'resume', process }),
    () => ({ do: 'cut', from: [process], to: PROCESSES.filter((q) => q !== process) }),
    () => ({ do: 'heal' }),
    () => ({ do: random.chance(90) ? 'next' : 'stabilise' }),
    () => (random.chance(80) ? { do: 'next' } : { do: 'crash', process, ...isAll }),
    () => (random.chance(80) ? { do: 'next' } : { do: 'crash', process, afterSends: 1 + random.below(4), ...isAll }),
    () => (isRecovering ? { do: 'recover', process } : { do: 'next' }),
  ]
  return random.pick(commands)()
}

function playAtRandom(session: Session<number>, seed: number, length: number, isRecovering: boolean): void {
  const random = new Random(seed)
  for (let i = 0; i < length; i++) {
    try {
      session.apply(drawCommand(random, session, isRecovering))
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error
    }
  }
}

/** What happened, without losses and copies, which a run notes when they are sent. */
function eventsOf({ entries }: Trace): string[] {
  const kept = entries.filter(({ type }) => type !== 'loss' && type !== 'duplicate')
  const places = new Map(kept.map(({ index }, i) => [index, i]))
  return kept.map((entry) => JSON.stringify({ ...entry, index: 0, cause: entry.type === 'event' ? (places.get(entry.cause) ?? -1) : 0 }))
}

describe('a plan of what was done by hand is the same run, event by event', () => {
  const systems: readonly [name: string, setup: Setup<number>, model: SessionModel['model']][] = [
    ['uniform reliable broadcast', urb, 'fail-silent'],
    ['reliable broadcast with a perfect failure detector', rb, 'fail-stop'],
    ['leader-driven consensus', consensus, 'fail-noisy'],
    ['consensus over adversarial layers', overAdversarial, 'fail-noisy'],
    ['fair-loss links', lossy, 'fail-recovery'],
  ]

  it.each(systems)('%s', (_name, setup, model) => {
    let commands = 0
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new Random(seed)
      const schedule = random.chance(50)
        ? ({ kind: 'fixed', delayMs: 1 } as const)
        : ({ kind: 'random', seed, shape: 'uniform', lowMs: 0.5, highMs: 3 } as const)
      const stabilisationMs = model === 'fail-stop' ? 0 : random.pick([20, 60_000])
      const session = openSession<number>({ processes: 3, seed, setup, schedule, stabilisationMs, model: { model: model ?? 'fail-noisy' } })
      playAtRandom(session, seed, 60, model === 'fail-recovery')
      commands += session.log.length
      const text = JSON.stringify([session.trace, session.pending])
      const fork = session.fork()
      expect(JSON.stringify([fork.trace, fork.pending])).toBe(text)
      const events = eventsOf(session.trace)
      const { trace } = runPlan(session.toPlan(), setup, { limits: { virtualMs: session.timeMs + 0.0005, events: 100_000 } })
      const replayed = eventsOf(trace).slice(0, events.length)
      const differs = replayed.findIndex((e, i) => e !== events[i])
      expect(`seed ${seed}: ${differs}`).toBe(`seed ${seed}: -1`)
      if (trace.end === 'cut') expect(replayed.length).toBe(events.length) // a session goes on after rest
    }
    expect(commands).toBeGreaterThan(20 * SEEDS)
  })
})

describe('from a session to the tools, and back', () => {
  const scenario: Scenario<number> = {
    name: 'a broadcast that is said to be reliable',
    processes: 3,
    model: 'fail-silent',
    resilience: 'f < N',
    operations: () => [],
    setup: (process) => {
      const beb = process.run(BasicBroadcast.of<number>(), 'rb')
      process.upon(beb.deliver, () => {})
      return (m, done) => {
        beb.broadcast(m)
        done()
      }
    },
    check: ({ trace }) => {
      const verdict = RB4(trace, 'rb')
      return verdict.holds === false ? verdict : undefined
    },
  }
  const { setup, model, resilience } = scenario
  const open = () => openSession<number>({ processes: 3, model: { model, resilience }, setup })

  it('the plan violates what the session did, shrinks, and opens again', () => {
    const session = open()
    session.apply({ do: 'request', process: 'p2', operation: 8 })
    session.apply({ do: 'request', process: 'p1', operation: 7 })
    session.apply({ do: 'deliver', id: 'p1>p3 rb.pl 1' })
    session.apply({ do: 'crash', process: 'p1', lost: ['p1>p2 rb.pl 1'] })
    session.apply({ do: 'rest' })
    expect(session.trace.end).toBe('quiescent')
    expect(RB4(session.trace, 'rb').holds).toBe(false)
    const plan = session.toPlan()
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    const { run, violation } = judge(scenario, plan)
    expect(violation?.property).toBe('RB4')
    const shrunk = shrink(scenario, { seed: 0, plan, run, violation })
    expect(shrunk.violation.property).toBe('RB4')
    expect(shrunk.plan.operations).toHaveLength(1)
    expect(describePlan(shrunk.plan)).toContain('crash')
    const again = openSession({ plan: shrunk.plan, setup, model: { model, resilience } })
    again.apply({ do: 'rest' })
    again.apply({ do: 'stabilise' })
    expect(RB4(again.trace, 'rb').holds).toBe(false)
    expect(again.broken).toEqual([])
  })

  it('a loss on perfect links is reported as beyond the model, not as a property violated', () => {
    const session = open()
    session.apply({ do: 'request', process: 'p1', operation: 7 })
    session.apply({ do: 'drop', id: 'p1>p2 rb.pl 1' })
    session.apply({ do: 'rest' })
    expect(session.broken).toHaveLength(1)
    expect(BEB1(session.trace, 'rb').holds).toBe(false)
    expect(judge(scenario, session.toPlan()).violation?.property).toBe('the assumptions')
  })

  it('a session goes on from what a seed drew, with its faults and operations pending', () => {
    const drawn: Scenario<number> = {
      ...scenario,
      operations: (random, processes) => processes.map((process) => ({ process, afterMs: random.below(9), operation: 1 })),
    }
    for (let seed = 1; seed <= 20; seed++) {
      const { plan, run } = runSeed(drawn, seed, { record: 'everything' })
      const session = openSession({ plan, setup, model: { model, resilience } })
      session.apply({ do: 'until', timeMs: run.virtualMs })
      expect(eventsOf(session.trace)).toEqual(eventsOf(run.trace).slice(0, eventsOf(session.trace).length))
      expect(deliveriesIn(session.trace)).toBe(deliveriesIn(run.trace))
    }
  })
})

const deliveriesIn = ({ entries }: Trace) => entries.filter((e) => e.type === 'event' && e.path === 'rb' && e.event === 'deliver').length
