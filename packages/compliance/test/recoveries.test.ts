import { algorithm, assumptionsOf, FairLossPointToPointLinks, type Payload, StubbornPointToPointLinks, Timer } from '@upon/contract'
import { runSeeds } from '@upon/simulator'
import { expect, it } from 'vitest'
import { fairLossPointToPointLinks, scenarioOf } from '../src'

/** Links that work the same whatever processes do: each message is sent again whenever the timer says so. */
const Again = algorithm(
  {
    name: 'again',
    implements: { sl: StubbornPointToPointLinks },
    uses: { fll: FairLossPointToPointLinks.of<Payload>(), timer: Timer },
    assumes: { processes: 'any', timing: 'asynchronous', resilience: 'f < N' },
    state: () => ({ sent: [] as readonly (readonly [q: string, m: Payload])[] }),
  },
  ({ sl, fll, timer, state, upon }) => {
    timer.start(50)
    upon(sl.send, (q, m) => {
      state.sent = [...state.sent, [q, m]]
      fll.send(q, m)
    })
    upon(fll.deliver, (p, m) => sl.deliver(p, m))
    upon(timer.timeout, () => {
      for (const [q, m] of state.sent) fll.send(q, m)
      timer.start(50)
    })
  },
)

/** Fair-loss links over them, by an algorithm that tolerates what `processes` says. */
const over = (processes: 'crash-stop' | 'crash-recovery') =>
  algorithm(
    {
      name: 'over-again',
      implements: { fll: FairLossPointToPointLinks },
      uses: { sl: Again.of<Payload>() },
      assumes: { processes, timing: 'asynchronous', resilience: 'f < N' },
    },
    ({ fll, sl, upon }) => {
      upon(fll.send, (q, m) => sl.send(q, m))
      upon(sl.deliver, (p, m) => fll.deliver(p, m))
    },
  )

it('layers that work under any failures are tried with those of the algorithm above them: with recoveries, if it tolerates these', () => {
  const tried = (processes: 'crash-stop' | 'crash-recovery') => {
    const algorithm = over(processes)
    const limits = { virtualMs: 2000, events: 20_000 }
    const scenario = { ...scenarioOf(fairLossPointToPointLinks, algorithm), check: () => undefined, rests: 'either', limits } as const
    return { assumes: assumptionsOf(algorithm).processes, ...runSeeds(scenario, 1, 20) }
  }
  const [stop, recovery] = [tried('crash-stop'), tried('crash-recovery')]
  expect([stop.assumes, recovery.assumes]).toEqual(['crash-stop', 'crash-recovery'])
  expect([stop.violations, recovery.violations]).toEqual([0, 0])
  expect(stop.faults).toHaveProperty('crash')
  expect(stop.faults).not.toHaveProperty('recover')
  expect(recovery.faults).toHaveProperty('recover')
})
