import { algorithm, FairLossPointToPointLinks, type Payload, type ProcessId } from '@upon/contract'
import { runSeeds } from '@upon/simulator'
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
      assumes: { model: 'fail-silent', resilience: 'f < N' },
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
