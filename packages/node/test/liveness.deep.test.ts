import { expect, it } from 'vitest'
import { decideAtTwo, freeze, requestsOf, underLeader } from './under-leader'

it.each(['kept', 'classic'] as const)(
  'over %s connections: a leader whose DECIDED has reached one process only freezes when that one is long at rest: the others decide the same',
  async (connections) => {
    const s = await underLeader(connections)
    await decideAtTwo(s)
    const [one, two] = [requestsOf(s.leader, s.one), requestsOf(s.leader, s.two)]
    // node one waits all the while; so node two is kept awake, or would be woken
    await s.leader.until('22 periods have passed', () => requestsOf(s.leader, s.one) > one + 22)
    expect(requestsOf(s.leader, s.two)).toBeGreaterThan(two)
    freeze(s.leader)
    expect(await s.decided(s.one)).toEqual([9])
  },
)
