import fc from 'fast-check'
import { expect, it } from 'vitest'
import { add, type MessageIds } from './message-ids'

it('says once for each message that it is new, as a set would, in any order of arrival', () => {
  const id = fc.tuple(fc.constantFrom('p', 'q'), fc.integer({ min: 1, max: 20 }))
  fc.assert(
    fc.property(fc.array(id), (messages) => {
      const ids: MessageIds = new Map()
      const set = new Set<string>()
      for (const [s, sn] of messages) {
        expect(add(ids, s, sn)).toBe(!set.has(`${s}${sn}`))
        set.add(`${s}${sn}`)
      }
    }),
  )
})

it('keeps one number while there are no gaps', () => {
  const numbers = fc.shuffledSubarray(
    Array.from({ length: 20 }, (_, i) => i + 1),
    { minLength: 20 },
  )
  fc.assert(
    fc.property(numbers, (sns) => {
      const ids: MessageIds = new Map()
      for (const sn of sns) add(ids, 'p', sn)
      expect(ids).toEqual(new Map([['p', { upTo: 20, beyond: new Set() }]]))
    }),
  )
})

it('keeps the numbers above a gap until it is filled', () => {
  const ids: MessageIds = new Map()
  for (const sn of [1, 3, 4]) add(ids, 'p', sn)
  expect(ids.get('p')).toEqual({ upTo: 1, beyond: new Set([3, 4]) })
  add(ids, 'p', 2)
  expect(ids.get('p')).toEqual({ upTo: 4, beyond: new Set() })
})
