import { LeaderDrivenSequence } from '@upon/consensus'
import { IMPOSSIBLE, linearizableObject, type Model, type ObjectOperation } from '@upon/linearizability'
import { type ClientOperation, drawPlan, openSession, type PlanSpace, type SimulatedProcess } from '@upon/simulator'
import { expect, it } from 'vitest'
import type { Process } from '../../index'
import { type ExecuteOptions, type ReplicaEvent, type ReplicaFace, replicate, type StateMachine } from './index'

/** Adds to a counter, perhaps as command `number` of the one session; or reads it. */
type Operation = { readonly add: number; readonly number?: number } | 'read' | 'open'
type Done = ObjectOperation<Operation, number>

const counter: StateMachine<number, number, number> = { initial: 0, apply: (state, add) => ({ state: state + add, answer: state + add }) }

/** The counter, and what the commands of the session gave. */
interface Specified {
  readonly value: number
  readonly answers: Readonly<Record<number, number>>
}

const model: Model<Specified, Operation, number> = {
  initial: { value: 0, answers: {} },
  key: (state) => JSON.stringify(state),
  apply({ value, answers }, { input, output, respondedAtMs }) {
    const returns = (answer: number | undefined, state: Specified) =>
      respondedAtMs === undefined || output === answer ? state : IMPOSSIBLE
    if (typeof input === 'string') return returns(value, { value, answers })
    const next = value + input.add
    if (input.number === undefined) return returns(next, { value: next, answers })
    if (answers[input.number] !== undefined) return returns(answers[input.number], { value, answers })
    const isLate = Object.keys(answers).some((number) => Number(number) > (input.number ?? 0))
    return isLate
      ? respondedAtMs === undefined
        ? { value, answers }
        : IMPOSSIBLE
      : returns(next, { value: next, answers: { ...answers, [input.number]: next } })
  },
}

const space: PlanSpace<Operation> = {
  processes: 3,
  resilience: 'f < N/2',
  operations: (random, processes) => {
    const spreadUs = random.pick([1_000, 20_000, 200_000])
    const drawn = (): Operation => {
      const number = random.below(4)
      return random.chance(40) ? 'read' : number === 0 ? { add: 1 + random.below(9) } : { add: number, number }
    }
    return processes.flatMap((process, i) => {
      const first: Operation[] = i === 0 ? ['open'] : []
      const operations = [...first, ...Array.from({ length: 6 }, drawn)]
      return operations.map((operation): ClientOperation<Operation> => ({ process, afterMs: random.below(spreadUs) / 1000, operation }))
    })
  },
}

/** Lets all promises that can be settled be so. */
const settled = async () => {
  for (let i = 0; i < 8; i++) await Promise.resolve()
}

/** Runs the replicas of one seed in virtual time, to the end. */
async function run(seed: number) {
  const history: Done[] = []
  const events: ReplicaEvent<number, number>[] = []
  const faces = new Map<string, ReplicaFace<number, number, number>>()
  let session: string | undefined
  const perform = async (me: SimulatedProcess, face: ReplicaFace<number, number, number>, operation: Operation) => {
    if (operation === 'open') {
      session = await face.openSession()
      return
    }
    const number = typeof operation === 'string' ? undefined : operation.number
    if (number !== undefined && session === undefined) return
    const options: ExecuteOptions = number === undefined || session === undefined ? {} : { once: { session, number } }
    const done: { -readonly [K in keyof Done]: Done[K] } = { process: me.self, input: operation, invokedAtMs: me.nowMs }
    history.push(done)
    try {
      done.output = await (operation === 'read' ? face.read((state) => state) : face.execute((operation as { add: number }).add, options))
      done.respondedAtMs = me.nowMs
    } catch (error) {
      // a read that fails has had no effect: it is as one that is pending
      if (operation !== 'read') expect(error).toMatchObject({ outcome: 'unknown' })
    }
  }
  const setup = (me: SimulatedProcess) => {
    const process = { self: me.self, processes: me.processes, run: me.run, upon: me.upon, whenEnded: () => {} } as unknown as Process
    const observe = (event: ReplicaEvent<number, number>) => void events.push(event)
    const face = replicate(process as never, LeaderDrivenSequence as never, counter, { checkpointCommands: 3, observe })
    faces.set(me.self, face)
    return (operation: Operation, done: () => void) => void perform(me, face, operation).then(done)
  }
  const game = openSession({ plan: drawPlan(space, seed), setup, record: 'application', model: { resilience: 'f < N/2' } })
  history.length = events.length = 0 // some plans are run once beforehand, to know their delays
  for (let steps = 0; !game.isAtRest && steps < 20_000; steps++) {
    game.apply({ do: 'next' })
    await settled()
  }
  return { game, history, events }
}

it('what clients see is linearizable, and what is tried again is applied once, under 60 seeds with crashes and slow networks', {
  timeout: 240_000,
}, async () => {
  const seen = { crashes: 0, restored: 0, retried: 0, completed: 0 }
  for (let seed = 1; seed <= 60; seed++) {
    const { game, history, events } = await run(seed)
    expect(game.errors).toEqual([])
    expect(game.isAtRest, `seed ${seed} comes to rest`).toBe(true)
    const verdict = linearizableObject(model, history)
    expect(verdict.outcome === 'linearizable' ? '' : `seed ${seed}: ${verdict.reason}`).toBe('')
    expect(events.filter(({ kind }) => kind === 'different' || kind === 'failed')).toEqual([])
    const crashed = game.trace.entries.flatMap((entry) => (entry.type === 'crash' ? [entry.process] : []))
    for (const { process, input, respondedAtMs } of history) {
      const isOver = crashed.includes(process) || respondedAtMs !== undefined || (typeof input !== 'string' && input.number !== undefined)
      expect(isOver || events.some(({ kind }) => kind === 'restored'), `seed ${seed}: ${process} has its answer`).toBe(true)
    }
    const numbers = history.flatMap(({ input, respondedAtMs }) =>
      typeof input !== 'string' && input.number && respondedAtMs ? [input.number] : [],
    )
    seen.crashes += crashed.length
    seen.restored += events.filter(({ kind }) => kind === 'restored').length
    seen.retried += numbers.length - new Set(numbers).size
    seen.completed += history.filter(({ respondedAtMs }) => respondedAtMs !== undefined).length
  }
  expect(seen.crashes).toBeGreaterThan(5)
  expect(seen.retried).toBeGreaterThan(20)
  expect(seen.completed).toBeGreaterThan(500)
})
