import { expect, it } from 'vitest'
import { copyOf } from './copy'

it('a copy equals what was sent, and shares nothing with it', () => {
  const sent = {
    kind: 'DATA',
    of: [{ n: 1 }, null, undefined],
    map: new Map([['a', { n: 1 }]]),
    set: new Set([1]),
    bytes: new Uint8Array([1, 2]),
  }
  const copied = copyOf(sent)
  expect(copied).toEqual(sent)
  sent.of[0] = { n: 2 }
  ;(sent.map.get('a') as { n: number }).n = 2
  sent.bytes[0] = 9
  expect(copied).toEqual({
    kind: 'DATA',
    of: [{ n: 1 }, null, undefined],
    map: new Map([['a', { n: 1 }]]),
    set: new Set([1]),
    bytes: new Uint8Array([1, 2]),
  })
  for (const atom of [0, '', false, null, undefined, 2n]) expect(copyOf(atom)).toBe(atom)
})

it('a function does not travel, however deep', () => {
  expect(() => copyOf({ of: [{ f: () => {} }] })).toThrow('a function cannot travel')
  expect(() => copyOf(Symbol('s'))).toThrow('a symbol cannot travel')
})
