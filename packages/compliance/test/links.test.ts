import { algorithm, FairLossPointToPointLinks, type Payload, type ProcessId } from '@upon/contract'
import { runSeed, runSeeds, shrink } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { compliance, fairLossPointToPointLinks, scenarioOf, type Tested } from '../src'

/** A stranger's fair-loss links, over those of the host: what each message becomes, and how often it is delivered. */
const links = (
  name: string,
  becomes: (p: ProcessId, m: Payload, deliver: (p: ProcessId, m: Payload) => void) => void,
): Tested<FairLossPointToPointLinks> =>
  algorithm(
    {
      name,
      implements: { fll: FairLossPointToPointLinks },
      uses: { below: FairLossPointToPointLinks.of<Payload>() },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    },
    ({ fll, below, upon }) => {
      upon(fll.send, (q, m) => below.send(q, m))
      upon(below.deliver, (p, m) => becomes(p, m, fll.deliver))
    },
  )

compliance(FairLossPointToPointLinks, { algorithm: links('passes-on', (p, m, deliver) => deliver(p, m)), describe, it, runs: 100 })

it.each([
  ['FLL1', 'loses-one-for-ever', links('loses-one-for-ever', (p, m, deliver) => ((m as unknown) === 1 ? undefined : deliver(p, m)))],
  [
    'FLL2',
    'repeats-for-ever',
    links('repeats-for-ever', (p, m, deliver) => {
      for (let i = 0; i < 150; i++) deliver(p, m)
    }),
  ],
  ['FLL3', 'reports-another-sender', links('reports-another-sender', (_p, m, deliver) => deliver('p1', m))],
])('%s is violated by links that %s', (property, _, wrong) => {
  const { failures } = runSeeds(scenarioOf(fairLossPointToPointLinks, wrong), 1, 10)
  expect(failures.map((failure) => failure.property)).toContain(property)
})

it('a failure of links is shrunk, though their clients send to processes that may be left out', () => {
  const silent = links('delivers-nothing', () => {})
  const scenario = scenarioOf(fairLossPointToPointLinks, silent, { processes: 5 })
  const outcome = runSeed(scenario, 1)
  expect(outcome.violation?.property).toBe('FLL1')
  const { plan, violation } = shrink(scenario, outcome)
  expect(violation.property).toBe('FLL1')
  expect(plan.processes.length).toBeLessThanOrEqual(2)
})
