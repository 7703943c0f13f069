import { checkAll } from '@upon/checker'
import { Type, toValue } from '@upon/protocol'
import type { Trace, TraceEntry } from '@upon/trace'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SystemRecorder } from './system-recorder'

const PROCESSES = ['a-1', 'a-2', 'a-3']

/** What is recorded of a system, in memory. */
function record() {
  const entries: TraceEntry[] = []
  const next = () => ({ index: entries.length, timeMs: entries.length })
  const sink = {
    event: (event: object) => void entries.push({ type: 'event', cause: -1, ...next(), ...event } as TraceEntry),
    crash: (process: string) => void entries.push({ type: 'crash', ...next(), process }),
    end: () => {},
  }
  const processes = PROCESSES.map((id, i) => ({ id, rank: i + 1 }))
  const violated = () => {
    const trace: Trace = { format: 'upon-trace/1', processes, end: 'cut', entries }
    return checkAll(trace).filter(({ holds }) => holds === false)
  }
  return { recorder: new SystemRecorder(sink, true), entries, violated }
}

interface Operation {
  readonly process: string
  readonly kind: 'read' | 'write'
  readonly fate: 'answered' | 'lost before' | 'lost after'
}

/** A moment: a new operation, or the `pick`-th of those that can go on takes effect or is answered. */
type Moment = Operation | { readonly pick: number }

const process = fc.constantFrom(...PROCESSES)
const kind = fc.constantFrom<Operation['kind']>('read', 'write')
const often = <T>(value: T, ...rarely: T[]) =>
  fc.oneof({ weight: 20, arbitrary: fc.constant(value) }, ...rarely.map((other) => fc.constant(other)))
const fate = often<Operation['fate']>('answered', 'lost before', 'lost after')
const moments = fc.array(fc.oneof<fc.Arbitrary<Moment>[]>(fc.record({ process, kind, fate }), fc.record({ pick: fc.nat(20) })), {
  minLength: 20,
  maxLength: 60,
  size: 'max',
})

test('an atomic register is never found otherwise, in whichever order a process does and answers what it has under way, and whatever it loses', () => {
  fc.assert(
    fc.property(moments, (run) => {
      const { recorder, violated } = record()
      let register: number | undefined
      let writes = 0
      const toDo: (Operation & { readonly value: number | undefined })[] = []
      const done: (Operation & { readonly result: number | undefined })[] = []
      for (const moment of run) {
        if (!('pick' in moment)) {
          const { process } = moment
          const value = moment.kind === 'write' ? ++writes : undefined
          const command =
            value === undefined
              ? { type: Type.APP_READ, appRead: { register: 'x' } }
              : { type: Type.APP_WRITE, appWrite: { register: 'x', value: toValue(value) } }
          recorder.commanded(process, command)
          if (moment.fate !== 'lost before') toDo.push({ ...moment, value })
        } else if (moment.pick % (toDo.length + done.length + 1) < toDo.length) {
          const [operation] = toDo.splice(moment.pick % (toDo.length + done.length + 1), 1) as [(typeof toDo)[number]]
          register = operation.value ?? register
          if (operation.fate === 'answered') done.push({ ...operation, result: register })
        } else {
          const [operation] = done.splice((moment.pick % (toDo.length + done.length + 1)) - toDo.length, 1)
          if (operation === undefined) continue
          if (operation.kind === 'read') recorder.readReturned(operation.process, 'x', operation.result)
          else recorder.writeReturned(operation.process, 'x')
        }
      }
      expect(violated()).toEqual([])
    }),
    { seed: 5, numRuns: 2_000 },
  )
})

test('broadcasts of few values, delivered once each by each process, or lost, are never found otherwise', () => {
  const value = fc.integer({ min: 1, max: 2 })
  const broadcast = fc.record({ process, value, reaches: fc.subarray(PROCESSES) })
  fc.assert(
    fc.property(fc.array(fc.oneof(broadcast, fc.record({ pick: fc.nat(20) })), { maxLength: 40 }), (run) => {
      const { recorder, violated } = record()
      const under: { readonly to: string; readonly value: number }[] = []
      for (const moment of run) {
        if ('pick' in moment) {
          const [delivery] = under.splice(moment.pick % Math.max(1, under.length), 1)
          if (delivery) recorder.delivered(delivery.to, delivery.value)
        } else {
          recorder.commanded(moment.process, { type: Type.APP_BROADCAST, appBroadcast: { value: toValue(moment.value) } })
          for (const to of moment.reaches) under.push({ to, value: moment.value })
        }
      }
      expect(violated()).toEqual([])
    }),
    { seed: 6, numRuns: 1_000 },
  )
})
