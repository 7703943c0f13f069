import { LeaderBasedEpochChange } from '@upon/consensus'
import type { ProcessId } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { ConsensusSchedule, type Stack } from './consensus-schedule'
import { caught, explore } from './explore'
import { EpochChangeAsPrinted, type EpochFault, faultyEpochChange, faultyEpochConsensus } from './faulty-consensus'

/** While Ω errs: proposals, crashes of a minority, pauses, and trust in whomever, anywhere. */
function disturb(schedule: ConsensusSchedule): void {
  const { random, network, processes } = schedule
  const crashes = random.below(Math.ceil(processes.length / 2))
  const victims = [...processes].reverse().slice(0, crashes)
  for (const p of victims) network.crashAfterSends(p, random.below(40))
  const waiting = [...processes]
  const steps = 50 + random.below(250)
  const restlessness = random.pick([0.02, 0.1, 0.3])
  const flapping = random.chance(0.3) ? [random.pick(processes)] : processes
  for (let i = 0; i < steps; i++) {
    if (waiting.length > 0 && random.chance(0.2)) schedule.propose(waiting[0] as ProcessId, processes.indexOf(waiting.shift() as ProcessId))
    if (random.chance(restlessness)) schedule.trust(random.pick(flapping), random.pick(processes))
    if (random.chance(0.02)) network.pause(random.pick(processes))
    if (random.chance(0.05)) for (const p of processes) network.resume(p)
    if (!network.step() && waiting.length === 0) break
  }
  for (const p of processes) network.resume(p)
  for (const p of waiting) schedule.propose(p, processes.indexOf(p))
  for (const p of victims) network.crash(p)
}

/** A schedule with a scripted Ω that errs and then trusts one correct process everywhere. */
function violationOf(seed: number, stack: Stack): string | undefined {
  const schedule = new ConsensusSchedule(seed, stack)
  const { random, network } = schedule
  disturb(schedule)
  const leader = random.chance(0.7) ? (schedule.correct.at(-1) as ProcessId) : random.pick(schedule.correct)
  for (const p of schedule.correct) {
    schedule.trust(p, leader)
    for (let i = random.below(10); i > 0; i--) network.step()
  }
  const quiet = network.run(20_000)
  if (schedule.unsafe !== undefined) return schedule.unsafe
  if (!quiet) return `not quiet after 20,000 steps: ${schedule.announcements} epochs announced for ${schedule.changes} changes of leader`
  const bound = 2 * schedule.changes + schedule.network.nowMs / 100 + schedule.processes.length
  if (schedule.announcements > bound) return `${schedule.announcements} epochs announced for ${schedule.changes} changes of leader`
  return schedule.stuck
}

describe('leader-driven consensus over a leader detector that errs, then does not', () => {
  it.each([3, 5])('UC1 to UC4, EP4 lock-in, EC1 to EC3: %d processes', (n) => {
    expect(explore(2000, (seed) => violationOf(seed, { n }))).toBeUndefined()
  })

  it('the copies that the mutants are made of are right', () => {
    const stack: Stack = { n: 3, ep: faultyEpochConsensus('none'), ec: () => faultyEpochChange('none') }
    expect(caught(300, (seed) => violationOf(seed, stack))).toBeUndefined()
  })

  it.each([
    ['state lost at abort', /UC4|EP4/],
    ['quorum of f', /UC4|EP4/],
    ['first state instead of the highest', /UC4|EP4/],
  ] satisfies [EpochFault, RegExp][])('a mutant is caught: %s', (fault, property) => {
    expect(caught(10_000, (seed) => violationOf(seed, { n: seed % 2 ? 3 : 5, ep: faultyEpochConsensus(fault) }))).toMatch(property)
  })

  it('UC2 to UC4, EP4, EC1, EC2 among peers that run Algorithm 5.5 to the letter, whoever is one', () => {
    const mixed = (seed: number): Stack => ({
      n: 3,
      ec: (i) => ((1 + (seed % 6)) & (1 << i) ? LeaderBasedEpochChange : EpochChangeAsPrinted),
    })
    const isSafety = (violation = '') => /^(UC2|UC3|UC4|EP4|EC1|EC2)/.test(violation)
    const check = (seed: number) => {
      const violation = violationOf(seed, mixed(seed))
      return isSafety(violation) ? violation : undefined
    }
    expect(explore(600, check)).toBeUndefined()
  })

  it.each(['p', 'q', 'r'])('UC1, EC3: ours are not left behind while %s is such a peer, though it may be by itself (trap C)', (printed) => {
    const ec = (i: number) => (['p', 'q', 'r'][i] === printed ? EpochChangeAsPrinted : LeaderBasedEpochChange)
    const check = (seed: number) => {
      const schedule = new ConsensusSchedule(seed, { n: 3, ec })
      const { random, network, processes } = schedule
      processes.forEach((p, i) => {
        schedule.propose(p, i)
      })
      for (let i = 0; i < 150; i++) {
        if (random.chance(0.1)) schedule.trust(random.pick(processes), random.pick(processes))
        network.step()
      }
      for (const p of processes) schedule.trust(p, 'r')
      return schedule.unsafe ?? (network.run(5000) ? schedule.stuckAmong(processes.filter((p) => p !== printed)) : 'not quiet')
    }
    expect(explore(200, check)).toBeUndefined()
  })

  it('schedules are worth their name: many decide in a later epoch, in several epochs, and after a crash', () => {
    let [later, several, crashed] = [0, 0, 0]
    for (let seed = 1; seed <= 200; seed++) {
      const schedule = new ConsensusSchedule(seed, { n: 5 })
      disturb(schedule)
      for (const p of schedule.correct) schedule.trust(p, schedule.correct.at(-1) as ProcessId)
      schedule.network.run(20_000)
      const epochs = new Set(schedule.epochDecisions.map(({ epoch }) => epoch))
      if ([...epochs].some((epoch) => epoch > 0)) later++
      if (epochs.size > 1) several++
      if (schedule.network.crashed.size > 0) crashed++
    }
    expect(Math.min(later, several, crashed), `${later}, ${several}, ${crashed}`).toBeGreaterThan(20)
  })
})

describe('trap A, bottom tie: epoch 0 may have written a value under the timestamp that ⊥ starts with', () => {
  it('EP4 lock-in holds; and the mutant that prefers ⊥ is caught', () => {
    expect(explore(500, (seed) => violationOf(seed, { n: 3 }))).toBeUndefined()
    expect(caught(10_000, (seed) => violationOf(seed, { n: 3, ep: faultyEpochConsensus('bottom wins a tie') }))).toMatch(/UC4|EP4/)
  })
})

describe('trap B, NACK storm: Ω disagrees for long, and every message is late', () => {
  /** q and r each believe that they lead, and p follows one of them. How many epochs are announced meanwhile. */
  function announcements(ec: unknown, seed: number): number {
    const schedule = new ConsensusSchedule(seed, { n: 3, ec: () => ec })
    schedule.processes.forEach((p, i) => {
      schedule.propose(p, i)
    })
    schedule.trust('q', 'q')
    schedule.trust('p', seed % 2 ? 'q' : 'r')
    schedule.network.run(5000)
    return schedule.announcements
  }

  it('the number of epochs is bounded by the changes of leader; and the algorithm as printed is caught', () => {
    for (let seed = 1; seed <= 200; seed++) expect(announcements(LeaderBasedEpochChange, seed), `SEED=${seed}`).toBeLessThanOrEqual(4)
    expect(announcements(EpochChangeAsPrinted, 1)).toBeGreaterThan(200)
  })

  it('a peer that runs the algorithm as printed cannot drive ours faster than its pace', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const schedule = new ConsensusSchedule(seed, { n: 3, ec: (i) => (i === 2 ? EpochChangeAsPrinted : LeaderBasedEpochChange) })
      schedule.trust('q', 'q') // r, as printed, trusts itself, and answers each epoch of q
      schedule.network.run(5000)
      expect(schedule.announcements, `SEED=${seed}`).toBeLessThanOrEqual(4 + schedule.network.nowMs / 100)
    }
  })

  it('a mutant that answers every NACK at once is driven round and round', () => {
    const mixed = (i: number) => (i === 2 ? EpochChangeAsPrinted : faultyEpochChange('every NACK is answered at once'))
    const schedule = new ConsensusSchedule(1, { n: 3, ec: mixed })
    schedule.trust('q', 'q')
    schedule.network.run(5000)
    expect(schedule.announcements).toBeGreaterThan(4 + schedule.network.nowMs / 100)
  })
})

describe('trap C, stuck process: Ω flips at some processes only, and back', () => {
  /** p and q follow q for a while, and r never hears that its epoch was left. */
  function stuck(ec: unknown): string | undefined {
    const schedule = new ConsensusSchedule(1, { n: 3, ec: () => ec })
    schedule.trust('q', 'q')
    schedule.trust('p', 'q')
    schedule.network.run(1000)
    expect(schedule.started.get('p')?.at(-1)).toEqual({ ts: 5, l: 'q' })
    schedule.trust('q', 'r')
    schedule.trust('p', 'r')
    schedule.processes.forEach((p, i) => {
      schedule.propose(p, i)
    })
    schedule.network.run(1000)
    return schedule.unsafe ?? schedule.stuck
  }

  it('EC3 eventual leadership holds; and the mutant that does not tell whom it trusts again is caught', () => {
    expect(stuck(LeaderBasedEpochChange)).toBeUndefined()
    expect(stuck(faultyEpochChange('who is trusted again is not told'))).toMatch('EC3')
  })
})

describe('leader-driven consensus, full stack down to heartbeats', () => {
  /** Asynchronous with crashes, and so false suspicions; then messages take at most 60 ms, and 10 s pass. */
  function violation(seed: number): string | undefined {
    const schedule = new ConsensusSchedule(seed, { n: 3, omega: 'detector' })
    const { random, network, processes } = schedule
    if (random.chance(0.6)) network.crashAfterSends(random.chance(0.8) ? 'r' : 'q', random.below(60))
    processes.forEach((p, i) => {
      schedule.propose(p, i)
    })
    network.run(100 + random.below(400))
    network.stabilise(60)
    network.advance(10_000)
    return schedule.unsafe ?? schedule.stuck
  }

  it('UC1 to UC4, EC1 to EC3', () => {
    expect(explore(300, violation)).toBeUndefined()
  })
})
