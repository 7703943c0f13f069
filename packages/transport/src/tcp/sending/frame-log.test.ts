import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameDecoder } from '../../framing'
import { FrameLog } from './frame-log'

const unlimited = () => ({ bytes: 0, limitBytes: Number.POSITIVE_INFINITY })

/** Bodies whose content tells their number, of lengths that fill segments in every way. */
function body(number: number, bytes: number): Uint8Array {
  const made = Buffer.alloc(bytes, number)
  made.writeUInt32BE(number, 0)
  return made
}

const numberOf = (bytes: Uint8Array) => Buffer.from(bytes).readUInt32BE(0)

type Step = { do: 'append'; bytes: number } | { do: 'write' } | { do: 'drop'; share: number } | { do: 'rewind' }

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        bytes: fc.oneof(fc.integer({ min: 4, max: 200 }), fc.integer({ min: 4, max: 150_000 })),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('drop' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rewind' as const) }) },
  ),
  { maxLength: 60 },
)

test('behaves as a list of frames with a cursor, whatever the order of appending, writing, dropping and rewinding', () => {
  fc.assert(
    fc.property(steps, (run: Step[]) => {
      const budget = unlimited()
      const log = new FrameLog(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, budget)
      const model: { number: number; bytes: number }[] = []
      let written = 0
      let next = 1
      const write = () => {
        const decoder = new FrameDecoder()
        for (let bytes = log.takeUnwritten(); bytes !== undefined; bytes = log.takeUnwritten()) {
          decoder.push(bytes, (taken) => {
            expect({ number: numberOf(taken), bytes: taken.length }).toEqual(model[written])
            written++
          })
        }
        expect(written).toBe(model.length)
      }
      for (const step of run) {
        if (step.do === 'append') {
          model.push({ number: next, bytes: step.bytes })
          expect(log.append(body(next++, step.bytes))).toBe(true)
        } else if (step.do === 'write') write()
        else if (step.do === 'rewind') {
          log.rewind()
          written = 0
        } else {
          const count = Math.floor(step.share * (model.length + 1))
          model.splice(0, count)
          log.dropFirst(Math.min(count, log.frames))
          written = Math.max(0, written - count)
        }
        expect(log.frames).toBe(model.length)
        expect(log.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes + 4, 0))
        expect(budget.bytes).toBe(log.bytes)
        if (model.length > 0) expect(numberOf(log.copyFirst().subarray(4))).toBe(model[0]!.number)
      }
      write()
      log.clear()
      expect([log.frames, log.bytes, budget.bytes]).toEqual([0, 0, 0])
    }),
    { numRuns: 100 },
  )
})

test('takes a frame only within both of its limits, and beyond the common budget only its guaranteed share', () => {
  const few = new FrameLog(2, 1_000, unlimited())
  expect([few.append(body(1, 4)), few.append(body(2, 4)), few.append(body(3, 4))]).toEqual([true, true, false])
  const small = new FrameLog(100, 20, unlimited())
  expect([small.append(body(1, 16)), small.append(body(2, 4))]).toEqual([true, false])
  small.dropFirst(1)
  expect(small.append(body(3, 4))).toBe(true)
  const crowded = new FrameLog(100, 1_000_000, { bytes: 50, limitBytes: 50 })
  expect([crowded.append(body(1, 65_532)), crowded.append(body(2, 4))]).toEqual([true, false])
})

test('frames that are dropped before they are written again are not written', () => {
  const log = new FrameLog(10, 10_000, unlimited())
  for (let number = 1; number <= 3; number++) log.append(body(number, 8))
  log.takeUnwritten()
  log.rewind()
  log.dropFirst(2)
  const unwritten = log.takeUnwritten() as Uint8Array
  expect([numberOf(unwritten.subarray(4)), unwritten.length]).toEqual([3, 12])
  expect(log.takeUnwritten()).toBeUndefined()
})
