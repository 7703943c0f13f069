import { PacedEpochChange } from '@upon/consensus'
import {
  type EpochChange,
  EventualLeaderDetector,
  type Layer,
  type PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type Timer,
} from '@upon/contract'
import { type ClientOperation, simulate } from '@upon/simulator'
import { describe, expect, it } from 'vitest'
import { EpochChangeAsPrinted } from './epoch-change-as-printed'

type OverDetector = (below: { eld: Port<EventualLeaderDetector> }) => Layer<EpochChange, PerfectPointToPointLinks | Timer>

const ours: OverDetector = (below) => PacedEpochChange.over(below)
const asPrinted: OverDetector = (below) => EpochChangeAsPrinted.over(below)

const LONG_MS = 2000

/** How many epochs are announced when p2 comes to trust itself, p1 the one that it `follows`, and p3 trusts itself as from the start. */
function epochs(of: (p: ProcessId) => OverDetector, follows: ProcessId, seed = 1) {
  const { trace, end, virtualMs } = simulate<ProcessId>({
    processes: 3,
    seed,
    record: ['BestEffortBroadcast'],
    limits: { events: 5_000, virtualMs: LONG_MS },
    setup: (process) => {
      let trust = (_p: ProcessId) => {}
      const eld: Port<EventualLeaderDetector> = {
        sort: 'port',
        abstraction: EventualLeaderDetector,
        open: ({ indicate }) => {
          trust = indicate.trust
          return { upon: {} }
        },
      }
      process.run(of(process.self)({ eld }))
      return (p, done) => {
        trust(p)
        done()
      }
    },
    operations: [trust('p2', 'p2'), trust('p1', follows)],
  })
  const announced = trace.entries.filter((entry) => entry.type === 'event' && entry.event === 'broadcast').length
  return { announced, end, virtualMs }
}

const trust = (process: ProcessId, operation: ProcessId): ClientOperation<ProcessId> => ({ process, afterMs: 0, operation })

describe.each(['p2', 'p3'])('two that lead forever, of whom p1 follows %s', (follows) => {
  it('the number of epochs is bounded by the changes of leader', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const { announced, end } = epochs(() => ours, follows, seed)
      expect(end, `seed ${seed}`).toBe('quiescent')
      expect(announced, `seed ${seed}`).toBeLessThanOrEqual(4)
    }
  })

  it('as printed, it is not', () => {
    expect(epochs(() => asPrinted, follows)).toMatchObject({ end: 'cut', announced: expect.toSatisfy((n: number) => n > 200) })
  })

  it('one that runs the text does not drive ours faster than its pace', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { announced, virtualMs } = epochs((p) => (p === 'p3' ? asPrinted : ours), follows, seed)
      expect(virtualMs, `seed ${seed}`).toBeGreaterThanOrEqual(LONG_MS)
      expect(announced, `seed ${seed}`).toBeLessThanOrEqual(4 + virtualMs / 100)
    }
  })

  it('and drives one without a pace round and round', () => {
    const hasty: OverDetector = (below) => PacedEpochChange.with({ paceMs: 0 }).over(below)
    const { announced, virtualMs } = epochs((p) => (p === 'p3' ? asPrinted : hasty), follows)
    expect(announced).toBeGreaterThan(4 + virtualMs / 100)
  })
})
