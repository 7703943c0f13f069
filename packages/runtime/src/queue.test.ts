import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Edge } from './edge'
import { Instance } from './instance'
import { EventQueue } from './queue'
import { Token } from './token'

const instance = new Instance('x', undefined, undefined, () => {})
const edgeOf = (name: string) => new Edge(new Token(name, 4), instance, instance, 'request', undefined)
const edges = ['a', 'b', 'c'].map(edgeOf)

it('takes events out in the order in which they went in, whatever the mix of both, as a plain array does', () => {
  const step = fc.oneof(
    fc.record({ push: fc.integer({ min: 1, max: 150 }) }),
    fc.record({ shift: fc.integer({ min: 1, max: 150 }) }),
    fc.constant('clear' as const),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new EventQueue()
      let model: unknown[][] = []
      let count = 0
      for (const what of steps) {
        if (what === 'clear') {
          queue.clear()
          model = []
        } else if ('push' in what) {
          for (let i = 0; i < what.push; i++) {
            const event = [edges[++count % 3], `a${count}`, count, undefined, { count }, count - 1] as const
            queue.push(...(event as unknown as Parameters<EventQueue['push']>))
            model.push([...event])
          }
        } else {
          for (let i = 0; i < what.shift; i++) {
            const edge = queue.shift()
            const expected = model.shift()
            if (expected === undefined) expect(edge).toBeUndefined()
            else expect([edge, queue.a, queue.b, queue.c, queue.d, queue.cause]).toEqual(expected)
          }
        }
        expect(queue.length).toBe(model.length)
      }
    }),
    { numRuns: 200 },
  )
})

it('grows while its oldest event stands at any place of the ring', () => {
  for (let taken = 0; taken < 64; taken++) {
    const queue = new EventQueue()
    const edge = edges[0] as Edge
    for (let i = 0; i < taken; i++) queue.push(edge, i, 0, 0, 0, 0)
    for (let i = 0; i < taken; i++) queue.shift()
    for (let i = 0; i < 300; i++) queue.push(edge, i, 0, 0, 0, 0)
    const out = Array.from({ length: 300 }, () => (queue.shift() === undefined ? 'empty' : queue.a))
    expect(out).toEqual(Array.from({ length: 300 }, (_, i) => i))
    expect(queue.shift()).toBeUndefined()
  }
})
