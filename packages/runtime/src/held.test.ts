import { describe, expect, it } from 'vitest'
import { Held } from './held'

const MANY = { perInstance: 100, perSender: 100, perProcess: 100 }
const of = (index: number) => [{ family: 'ep', index }]

describe('room', () => {
  it('is as much as each limit says, and not one message more', () => {
    const limits = { perInstance: 2, perSender: 3, perProcess: 4 }
    const held = new Held(limits)
    expect([1, 2, 3].map((m) => held.add('p', 'ep[0]', m, of(0)))).toEqual([undefined, undefined, 'perInstance'])
    expect([1, 2].map((m) => held.add('p', 'ep[1]', m, of(1)))).toEqual([undefined, 'perSender'])
    expect([1, 2].map((m) => held.add('q', 'ep[0]', m, of(0)))).toEqual([undefined, 'perProcess'])
    expect(held.count).toBe(4)
    expect(held.overflowed).toEqual({ perInstance: 1, perSender: 1, perProcess: 1 })
  })

  it('is none at a limit of none, and one message at a limit of one', () => {
    expect(new Held({ ...MANY, perSender: 0 }).add('p', 'ep[0]', 1, of(0))).toBe('perSender')
    expect(new Held({ ...MANY, perSender: 1 }).add('p', 'ep[0]', 1, of(0))).toBeUndefined()
  })

  it('comes back with what is taken: to the process, and to each sender as much as it had', () => {
    const held = new Held({ perInstance: 9, perSender: 3, perProcess: 4 })
    for (const path of ['ep[0]', 'ep[0]', 'ep[1]']) held.add('p', path, 1, of(Number(path[3])))
    held.add('q', 'ep[0]', 1, of(0))
    expect(held.take('ep[0]')).toHaveLength(3)
    expect(held.count).toBe(1)
    expect([1, 2, 3].map((m) => held.add('p', 'ep[2]', m, of(2)))).toEqual([undefined, undefined, 'perSender'])
    expect(held.take('ep[1]').length + held.take('ep[2]').length).toBe(3)
    expect([1, 2, 3, 4].map((m) => held.add('p', 'ep[2]', m, of(2)))).toEqual([undefined, undefined, undefined, 'perSender'])
    expect(held.add('q', 'ep[2]', 1, of(2))).toBeUndefined()
  })
})

describe('messages for members of a family that are past', () => {
  const filled = (indices: readonly number[]) => {
    const held = new Held(MANY)
    for (const index of indices) for (const below of ['', '.beb']) held.add('p', `ep[${index}]${below}`, 1, of(index))
    return held
  }
  const indicesIn = (held: Held) => new Set([...held.messages.keys()].map((path) => Number.parseInt(path.slice(3), 10)))

  it.each([
    ['a range of few members of many', [0, 1, 2, 3, 4, 5], 1, 3, [0, 3, 4, 5]],
    ['a range of more members than there are', [0, 1, 50, 99, 100], 1, 100, [0, 100]],
    ['a range that begins between two members', [0, 1, 2, 3, 4, 5], 0.5, 3, [0, 3, 4, 5]],
    ['all until a member', [1, 7, 9], Number.NEGATIVE_INFINITY, 7, [7, 9]],
    ['as many as there are members', [0, 1, 2], 1, 4, [0]],
  ])('%s', (_, indices, from, until, left) => {
    const held = filled(indices)
    expect(held.drop('ep', from, until, () => true)).toBe(2 * (indices.length - left.length))
    expect(indicesIn(held)).toEqual(new Set(left))
    expect(held.count).toBe(2 * left.length)
  })

  it('go only where the family says so, and of other families none', () => {
    const held = filled([0, 1])
    expect(held.drop('ep', 0, 2, (index) => index === 1)).toBe(2)
    expect(held.drop('uc', 0, 2, () => true)).toBe(0)
    expect(indicesIn(held)).toEqual(new Set([0]))
  })

  it('are not dropped twice, nor what was taken', () => {
    const held = filled([0, 1])
    held.take('ep[1]')
    expect(held.drop('ep', 0, 2, () => true)).toBe(3)
    expect(held.drop('ep', 0, 2, () => true)).toBe(0)
    held.add('p', 'ep[1]', 2, of(1))
    expect(held.drop('ep', 1, 2, () => true)).toBe(1)
    expect(held.count).toBe(0)
  })
})
