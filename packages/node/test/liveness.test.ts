import { Type, toValue } from '@upon/protocol'
import { describe, expect, it } from 'vitest'
import { awake, decideAtTwo, freeze, underLeader } from './under-leader'

describe.each(['kept', 'classic'] as const)('over %s connections: a leader whose DECIDED has reached one process only', (connections) => {
  it('dies at once: the others decide the same', async () => {
    const s = await underLeader(connections)
    await decideAtTwo(s)
    await s.leader.stop()
    expect(await s.decided(s.one)).toEqual([9])
  })

  it('freezes at once, and its connections stand: the others decide the same', async () => {
    const s = await underLeader(connections)
    await decideAtTwo(s)
    freeze(s.leader)
    expect(await s.decided(s.one)).toEqual([9])
  })
})

describe.each(['kept', 'classic'] as const)('over %s connections: a leader that is frozen in mid-instance', (connections) => {
  it('before its value is at a majority: another takes over, and nothing that the old one says when it wakes changes what is decided', async () => {
    const s = await underLeader(connections)
    freeze(s.leader)
    const first = await s.decided(s.one)
    expect([[1], [2]]).toContainEqual(first)
    expect(await s.decided(s.two)).toEqual(first)
    const before = s.leader.of(Type.EP_INTERNAL_ACCEPT).length
    awake(s.leader)
    s.lead(s.nodes, { type: Type.EP_INTERNAL_WRITE, epInternalWrite: { value: toValue(9) } })
    s.lead(s.nodes, { type: Type.EP_INTERNAL_DECIDED, epInternalDecided: { value: toValue(9) } })
    for (const { address } of s.nodes)
      s.leader.send(address, { to: 'app.beb.pl', message: { type: Type.APP_VALUE, appValue: { value: toValue(0) } } })
    await s.hub.collect(Type.APP_VALUE, 2) // comes after what the old leader said
    expect(s.leader.of(Type.EP_INTERNAL_ACCEPT).length).toBe(before)
    expect(s.hub.of(Type.APP_DECIDE).map(({ inner }) => inner.appDecide?.value?.v)).toEqual([...first, ...first])
  })

  it('after its value is at one of them: all decide the same under any next leader, and the old leader learns the decision', async () => {
    const s = await underLeader(connections)
    s.lead([s.two], { type: Type.EP_INTERNAL_WRITE, epInternalWrite: { value: toValue(9) } })
    await s.leader.collect(Type.EP_INTERNAL_ACCEPT, 1)
    freeze(s.leader)
    expect(await s.decided(s.one)).toEqual([9]) // two leads, and has it
    expect(await s.decided(s.two)).toEqual([9])
    const decided = s.leader.of(Type.EP_INTERNAL_DECIDED)
    expect(decided.every(({ inner }) => inner.epInternalDecided?.value?.v === 9)).toBe(true)
  })
})
