import { describe, expect, it } from 'vitest'
import { Fifo } from './fifo'

const filled = (count: number) => {
  const fifo = new Fifo<number>()
  for (let n = 0; n < count; n++) fifo.push(n)
  return fifo
}

describe('a queue', () => {
  it('gives its items in their order, and nothing when it is empty, however long it was', () => {
    const fifo = filled(5_000)
    for (let n = 0; n < 5_000; n++) {
      expect([fifo.size, fifo.first]).toEqual([5_000 - n, n])
      expect(fifo.shift()).toBe(n)
    }
    expect([fifo.size, fifo.first, fifo.shift(), fifo.size]).toEqual([0, undefined, undefined, 0])
    fifo.push(7)
    expect([fifo.size, fifo.first, fifo.shift()]).toEqual([1, 7, 7])
  })

  it('grows and shrinks by turns, and loses nothing', () => {
    const fifo = filled(3)
    const got: (number | undefined)[] = []
    for (let n = 3; n < 3_000; n++) {
      fifo.push(n)
      got.push(fifo.shift())
      if (n % 2 === 0) fifo.push(-n)
    }
    expect(fifo.size).toBe(3 + 1_498)
    expect(got.slice(0, 6)).toEqual([0, 1, 2, 3, 4, -4])
    expect(got.every((item) => item !== undefined)).toBe(true)
  })

  it.each([
    ['first', 4, [3, 5, 6, 7, 8, 9]],
    ['last', 8, [3, 4, 5, 6, 7, 9]],
  ] as const)('gives the %s item that is wanted, out of what is left', (from, item, left) => {
    const fifo = filled(10)
    for (let n = 0; n < 3; n++) fifo.shift()
    expect(fifo.take(from, (n) => n % 2 === 0)).toBe(item)
    expect(Array.from({ length: fifo.size }, () => fifo.shift())).toEqual(left)
  })

  it('keeps all when nothing is wanted, and finds the very first and last', () => {
    const fifo = filled(3)
    expect(fifo.take('first', (n) => n > 2)).toBeUndefined()
    expect(fifo.take('first', () => true)).toBe(0)
    expect(fifo.take('last', () => true)).toBe(2)
    expect([fifo.size, fifo.shift()]).toEqual([1, 1])
  })
})
