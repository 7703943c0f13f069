import { describe, expect, it } from 'vitest'
import { LinkedQueue } from './linked-queue'

const drained = <T>(queue: LinkedQueue<T>): T[] => {
  const items: T[] = []
  while (queue.size > 0) items.push(queue.shift() as T)
  return items
}

describe('LinkedQueue', () => {
  it('returns items in the order of their arrival, and nothing when it is empty', () => {
    const queue = new LinkedQueue<number>()
    expect([queue.size, queue.first, queue.shift(), queue.size]).toEqual([0, undefined, undefined, 0])
    for (let n = 0; n < 3; n++) queue.push(n)
    expect([queue.size, queue.first, queue.shift()]).toEqual([3, 0, 0])
    queue.push(3)
    expect(drained(queue)).toEqual([1, 2, 3])
    queue.push(4)
    expect([queue.size, queue.first, ...drained(queue)]).toEqual([1, 4, 4])
  })

  it.each([
    ['the first', 0, [1, 2, 3]],
    ['one in the middle', 1, [0, 2, 3]],
    ['the last', 3, [0, 1, 2]],
  ])('lets %s leave out of turn, once', (_, leaving, left) => {
    const queue = new LinkedQueue<number>()
    const places = [0, 1, 2, 3].map((n) => queue.push(n))
    expect([queue.remove(places[leaving]!), queue.remove(places[leaving]!), queue.size]).toEqual([true, false, 3])
    expect(drained(queue)).toEqual(left)
    queue.push(9)
    expect(drained(queue)).toEqual([9])
  })

  it('does not let an item leave that had its turn, or that is in another queue', () => {
    const queue = new LinkedQueue<number>()
    const other = new LinkedQueue<number>()
    const place = queue.push(1)
    other.push(2)
    expect([other.remove(place), queue.shift(), queue.remove(place), other.size]).toEqual([false, 1, false, 1])
  })

  it('takes items in and out at both ends and in between, like an array', () => {
    const queue = new LinkedQueue<number>()
    const places = new Map<number, ReturnType<typeof queue.push>>()
    let expected: number[] = []
    let state = 1
    const random = (n: number) => {
      state = (state * 48_271) % 2_147_483_647
      return state % n
    }
    for (let n = 0; n < 3_000; n++) {
      const choice = random(3)
      if (choice < 2) {
        places.set(n, queue.push(n))
        expected.push(n)
      } else if (random(2) === 0) expect(queue.shift()).toBe(expected.shift())
      else {
        const item = expected[random(expected.length)]
        if (item === undefined) continue
        expect(queue.remove(places.get(item)!)).toBe(true)
        expected = expected.filter((other) => other !== item)
      }
      expect([queue.size, queue.first]).toEqual([expected.length, expected[0]])
    }
    expect(drained(queue)).toEqual(expected)
  })
})
