import { ConnectionWatch, type Port, type ProcessId } from '@upon/contract'
import { expect, it } from 'vitest'
import { system } from '../../test/system'
import { IncreasingTimeoutWithHints } from './increasing-timeout-with-hints'

type Watcher = { readonly refused: (p: ProcessId) => void; readonly alive: (p: ProcessId) => void }

/** Processes whose connections are refused when the test says so: `refuse('p', 'q')` is seen by p; `hear('p', 'q')`: something of q's has come to p. */
function watched() {
  const watchers = new Map<ProcessId, Watcher>()
  const watch: Port<ConnectionWatch> = {
    sort: 'port',
    abstraction: ConnectionWatch,
    open: ({ self, indicate }) => {
      watchers.set(self, indicate)
      return { upon: {} }
    },
  }
  const layer = IncreasingTimeoutWithHints.over({ watch }).with({ delayMs: 10 })
  const refuse = (by: ProcessId, p: ProcessId) => watchers.get(by)?.refused(p)
  const hear = (by: ProcessId, p: ProcessId) => watchers.get(by)?.alive(p)
  return { ...system(layer), refuse, hear }
}

it('EPFD1 strong completeness: a process that refuses connections is suspected at once, and one that crashes unseen at the end of the period', () => {
  const { members, period, refuse } = watched()
  const [p, q, r] = members
  r.crash()
  for (let i = 0; i < 2; i++) refuse('p', 'r')
  expect([p.said, q.said]).toEqual([['suspect r'], []])
  for (let i = 0; i < 3; i++) period()
  expect([p.said, q.said]).toEqual([['suspect r'], ['suspect r']])
})

it('EPFD2 eventual strong accuracy: a wrong hint is withdrawn when its process answers, and the fourth is ignored', () => {
  const { members, arrive, period, refuse } = watched()
  const [p, q] = members
  period()
  for (let i = 0; i < 3; i++) {
    refuse('p', 'q')
    expect(p.said.at(-1)).toBe('suspect q')
    p.timeout() // what q answered before the hint does not count
    arrive()
    p.timeout()
    expect(p.said.at(-1)).toBe('restore q')
    arrive()
  }
  refuse('p', 'q')
  expect(p.said).toHaveLength(6)
  expect(new Set(p.delaysMs)).toEqual(new Set([10])) // the time-out was not too short
  q.crash()
  for (let i = 0; i < 3; i++) period()
  expect(p.said.slice(6)).toEqual(['suspect q']) // EPFD1 needs no hints
})

it('EPFD2 eventual strong accuracy: any message from a process counts as its answer', () => {
  const { members, hear } = watched()
  const [p, q] = members
  q.crash()
  for (let i = 0; i < 5; i++) {
    hear('p', 'q')
    p.timeout()
  }
  expect(p.said).not.toContain('suspect q')
  p.timeout()
  expect(p.said).toContain('suspect q')
})
