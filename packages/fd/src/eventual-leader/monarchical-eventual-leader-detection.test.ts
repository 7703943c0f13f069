import { EventuallyPerfectFailureDetector, type Port, type ProcessId } from '@upon/contract'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'
import { MonarchicalEventualLeaderDetection } from './monarchical-eventual-leader-detection'

/** Process p, of the second rank of three, whose failure detector says what the test says; and whom it trusts. */
function truster() {
  const says = { suspect: (_p: ProcessId) => {}, restore: (_p: ProcessId) => {} }
  const epfd: Port<EventuallyPerfectFailureDetector> = {
    sort: 'port',
    abstraction: EventuallyPerfectFailureDetector,
    open: ({ indicate }) => {
      Object.assign(says, indicate)
      return { upon: {} }
    },
  }
  const trusted: unknown[] = []
  const process = new Process({
    self: 'p',
    processes: ['p', 'q', 'r'],
    rank: (p) => ({ q: 3, p: 2 })[p] ?? 1,
    observe: ({ attributes: [p] }) => trusted.push(p),
    observes: (module) => module === 'EventualLeaderDetector',
  })
  process.run(MonarchicalEventualLeaderDetection.over({ epfd }))
  return { trusted, says }
}

it('ELD1 eventual accuracy: the highest rank is trusted from the start; when it is suspected, the highest rank that is not', () => {
  const { trusted, says } = truster()
  expect(trusted).toEqual(['q'])
  says.suspect('q')
  expect(trusted).toEqual(['q', 'p'])
})

it('ELD2 eventual agreement: a process that was suspected wrongly is trusted again', () => {
  const { trusted, says } = truster()
  says.suspect('q')
  says.restore('q')
  expect(trusted).toEqual(['q', 'p', 'q'])
})

it('ELD2 eventual agreement: suspicions of processes other than the leader change nothing', () => {
  const { trusted, says } = truster()
  for (const p of ['r', 'p']) says.suspect(p)
  says.restore('p')
  expect(trusted).toEqual(['q'])
})

it('keeps its leader while all processes are suspected', () => {
  const { trusted, says } = truster()
  for (const p of ['p', 'r', 'q']) says.suspect(p)
  expect(trusted).toEqual(['q'])
  says.restore('r')
  expect(trusted).toEqual(['q', 'r'])
})
