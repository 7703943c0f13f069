import { catalogue } from '@upon/catalogue'
import { expect, test } from 'vitest'
import { faultsOf, runsOf, runWith } from './proof'

const processes = ['p1', 'p2', 'p3']

test.each(catalogue.map((entry) => [entry.name, entry] as const))(
  '%s: a run on its page contains a crash, and goes on after it',
  (_, entry) => {
    const faults = faultsOf(entry)
    if (entry.scenario.model !== 'fail-recovery') expect(faults).not.toEqual([])
    if (faults.length === 0) return
    const { entries } = runWith(entry.scenario, entry.suite.few(processes), faults)
    expect(entries.filter(({ type }) => type === 'crash')).toHaveLength(1)
    const crashed = entries.findIndex(({ type }) => type === 'crash')
    expect(entries.slice(crashed).some(({ type }) => type === 'event')).toBe(true)
  },
)

test.each(['leader-based-epoch-change', 'paced-epoch-change', 'elect-lower-epoch', 'exclude-on-timeout'])(
  '%s: the picture shows what comes of the crash',
  (name) => {
    const entry = catalogue.find((each) => each.name === name)!
    const picture = runsOf(entry)
    expect(picture).toContain('class="ring good"')
    expect(picture).toContain('class="fault"')
  },
)
