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

  it('gives its items from either end, and each once', () => {
    const fifo = filled(5)
    expect([fifo.shift(), fifo.last, fifo.pop(), fifo.size]).toEqual([0, 4, 4, 3])
    expect([fifo.shift(), fifo.shift(), fifo.last, fifo.pop()]).toEqual([1, 2, 3, 3])
    expect([fifo.size, fifo.first, fifo.last, fifo.shift(), fifo.pop()]).toEqual([0, undefined, undefined, undefined, undefined])
    fifo.push(5)
    expect([fifo.size, fifo.first, fifo.last, fifo.pop()]).toEqual([1, 5, 5, 5])
  })
})
