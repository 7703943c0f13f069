import { LeaderDrivenSequence } from '@upon/consensus'
import { MemoryNetwork } from '@upon/transport/memory'
import { describe, expect, it } from 'vitest'
import { hostSequence } from '../../../test/host-ports'
import { Process, systemTimer, systemTurn } from '../../index'
import { type ReplicaEvent, type ReplicateOptions, replicate, type StateMachine } from './index'

type Account = { readonly to: string; readonly amount: number }

/** An account may not go below zero. */
const bank: StateMachine<Map<string, number>, Account, number> = {
  initial: new Map(),
  apply: (state, { to, amount }) => {
    const balance = (state.get(to) ?? 0) + amount
    if (balance < 0) throw new Error(`${to} has too little`)
    return { state: state.set(to, balance), answer: balance }
  },
}

type Options = ReplicateOptions<Account, number>

/** Three replicas over a real sequence of decisions. */
function replicas(machineOf: (p: string) => typeof bank, options: Options = {}) {
  const network = new MemoryNetwork()
  const processes = ['p', 'q', 'r']
  return processes.map((self) => {
    const process = new Process({ self, processes, supply: [network.transport(self), systemTimer, systemTurn] })
    const seen: ReplicaEvent<Account, number>[] = []
    const face = replicate(process, LeaderDrivenSequence, machineOf(self), { observe: (event) => seen.push(event), ...options })
    return { self, process, face, seen }
  })
}

type Replica = ReturnType<typeof replicas>[number]
const three = (machineOf = (_p: string) => bank, options: Options = {}) => replicas(machineOf, options) as [Replica, Replica, Replica]

/** One replica whose log the test writes. */
function scene(options: Options = {}) {
  const { port, requests, indicate } = hostSequence()
  const process = new Process({ self: 'p', processes: ['p', 'q', 'r'], supply: [port] })
  const seen: ReplicaEvent<Account, number>[] = []
  const face = replicate(process, port, bank, { observe: (event) => seen.push(event), ...options })
  let slot = 0
  const decide = (entry: unknown) => indicate.decide?.(++slot, entry)
  const proposed = () => requests.flatMap(([name, entry]) => (name === 'propose' ? [entry] : []))
  return { process, face, seen, requests, proposed, decide, restore: (snapshot: unknown) => indicate.restore?.(slot, snapshot) }
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it resolved'),
    (error: unknown) => error,
  )
const readAll = (state: Map<string, number>) => Object.fromEntries(state)

describe('a replicated state machine', () => {
  it('all replicas apply all commands in one order, and each caller gets its answer', async () => {
    const all = three()
    const answers = await Promise.all(all.map(({ face }) => face.execute({ to: 'alice', amount: 10 })))
    expect([...answers].sort()).toEqual([10, 20, 30])
    for (const { face } of all) expect(await face.read(readAll)).toEqual({ alice: 30 })
    expect(all[1].seen).toEqual(all[0].seen)
    expect(all[2].seen).toEqual(all[0].seen)
  })

  it('apply throws: the caller learns why, the effect is known, and the replicas are as before', async () => {
    const [p, q] = three()
    await p.face.execute({ to: 'alice', amount: 10 })
    expect(await errorOf(q.face.execute({ to: 'alice', amount: -11 }))).toMatchObject({
      name: 'NoEffectError',
      code: 'UPON_NO_EFFECT',
      reason: 'failed',
      message: 'execute: apply threw, alice has too little; it has no effect',
    })
    expect(await q.face.read(readAll)).toEqual({ alice: 10 })
    expect(q.seen.at(-1)).toMatchObject({ kind: 'failed', number: 2, process: 'q', message: 'alice has too little' })
  })

  it('a query that throws rejects its read with that error', async () => {
    const [p] = three()
    const bad = new Error('bad query')
    expect(await errorOf(p.face.read(() => expect.fail('')))).toBeInstanceOf(Error)
    expect(
      await errorOf(
        p.face.read(() => {
          throw bad
        }),
      ),
    ).toBe(bad)
  })

  it('a command is applied once in its session, however often and wherever it is executed, and gets one answer', async () => {
    const [p, q, r] = three()
    const session = await p.face.openSession()
    const once = { session, number: 1 }
    const tries = [p, q, r, p].map(({ face }) => face.execute({ to: 'alice', amount: 10 }, { once }))
    expect(await Promise.all(tries)).toEqual([10, 10, 10, 10])
    expect(await q.face.execute({ to: 'alice', amount: 5 }, { once: { session, number: 2 } })).toBe(15)
    expect(await errorOf(r.face.execute({ to: 'alice', amount: 10 }, { once }))).toMatchObject({ reason: 'expired', outcome: 'unknown' })
    expect(await p.face.openSession()).not.toBe(session)
  })

  it('a command that failed in its session fails again when it is tried again', async () => {
    const [p, q] = three()
    const once = { session: await p.face.openSession(), number: 1 }
    for (const { face } of [p, q])
      expect(await errorOf(face.execute({ to: 'bob', amount: -1 }, { once }))).toMatchObject({ reason: 'failed', outcome: 'no effect' })
    expect(p.seen).toHaveLength(1)
  })

  it('the session that was not used for longest ends when there are too many: its commands are refused, not applied again', async () => {
    const [p] = three(undefined, { limitSessions: 2 })
    const [a, b] = [await p.face.openSession(), await p.face.openSession()]
    const pay = (session: string, number: number) => p.face.execute({ to: 'alice', amount: 1 }, { once: { session, number } })
    await pay(b, 1)
    await pay(a, 1)
    await p.face.openSession()
    expect(await errorOf(pay(b, 1))).toMatchObject({ code: 'UPON_OUTCOME_UNKNOWN', reason: 'expired' })
    expect(await pay(a, 1)).toBe(2)
  })

  it('an apply that is not deterministic is found out: the replica that differs stops, the majority goes on', async () => {
    const odd = {
      ...bank,
      apply: (...[state, { to, amount }]: Parameters<typeof bank.apply>) => bank.apply(state, { to, amount: amount + 1 }),
    }
    const [p, q, r] = three((self) => (self === 'q' ? odd : bank), { checkpointCommands: 4 })
    for (let i = 0; i < 4; i++) await p.face.execute({ to: 'alice', amount: 1 })
    expect(await p.face.read(readAll)).toEqual({ alice: 4 })
    expect(await r.face.read(readAll)).toEqual({ alice: 4 })
    expect(await errorOf(q.face.execute({ to: 'alice', amount: 1 }))).toMatchObject({ reason: 'diverged', outcome: 'no effect' })
    for (const { seen } of [p, q, r]) expect(seen.find(({ kind }) => kind === 'different')).toMatchObject({ number: 4 })
  })

  it('three replicas with three states all stop', async () => {
    const each = (self: string): typeof bank => ({
      ...bank,
      apply: (state, command) => ({ ...bank.apply(state, command), answer: 0, state: state.set(self, 1) }),
    })
    const all = three(each, { checkpointCommands: 2 })
    await Promise.allSettled([1, 2].map((amount) => all[0].face.execute({ to: 'alice', amount })))
    for (const { face } of all) expect(await errorOf(face.read(readAll))).toMatchObject({ reason: 'diverged', outcome: 'no effect' })
  })
})

describe('a replica that is behind', () => {
  const snapshotOf = (state: Map<string, number>, sessions: unknown[] = []) => ({ state, applied: 7, failed: 0, opened: 3, sessions })

  it('takes the state, and what is known of its calls: sessions know it, others are unknown', async () => {
    const { face, seen, restore } = scene()
    const calls = [
      face.execute({ to: 'a', amount: 1 }, { once: { session: '1', number: 4 } }),
      face.execute({ to: 'a', amount: 1 }),
      face.openSession(),
    ]
    restore(snapshotOf(new Map([['a', 9]]), [['1', { number: 4, outcome: { kind: 'applied', answer: 8 } }]]))
    expect(await calls[0]).toBe(8)
    expect(await errorOf(calls[1] as Promise<unknown>)).toMatchObject({ reason: 'restored', outcome: 'unknown' })
    expect(await errorOf(calls[2] as Promise<unknown>)).toMatchObject({ reason: 'restored', outcome: 'no effect' })
    expect(seen).toEqual([{ kind: 'restored', number: 7 }])
  })

  it('reads of one turn share an entry, and those given up do not run their query', async () => {
    const { face, proposed, decide } = scene()
    const ran: number[] = []
    const controller = new AbortController()
    const calls = [1, 2, 3].map((i) => face.read(() => ran.push(i), i === 2 ? { signal: controller.signal } : {}))
    controller.abort()
    await Promise.resolve()
    const later = face.read(() => ran.push(4))
    await Promise.resolve()
    expect(proposed()).toHaveLength(2)
    decide(proposed()[0])
    expect(await errorOf(calls[1] as Promise<unknown>)).toMatchObject({ outcome: 'no effect' })
    await Promise.all([calls[0], calls[2]])
    expect(ran).toEqual([1, 3])
    decide(proposed()[1])
    await later
  })

  it('asks again for a read', async () => {
    const { face, proposed, decide, restore } = scene()
    const read = face.read(readAll)
    await Promise.resolve()
    restore(snapshotOf(new Map([['a', 9]])))
    expect(proposed()).toHaveLength(2)
    decide(proposed()[1])
    expect(await read).toEqual({ a: 9 })
  })
})

describe('calls', () => {
  it('are given up with what is known: nothing was sent, or the effect is unknown', async () => {
    const { face, proposed } = scene()
    expect(await errorOf(face.execute({ to: 'a', amount: 1 }, { signal: AbortSignal.abort('late') }))).toMatchObject({
      outcome: 'no effect',
    })
    expect(proposed()).toEqual([])
    const controller = new AbortController()
    const { signal } = controller
    const calls = [face.execute({ to: 'a', amount: 1 }, { signal }), face.read(readAll, { signal })]
    controller.abort('now')
    expect(await errorOf(calls[0] as Promise<unknown>)).toMatchObject({ reason: 'aborted', outcome: 'unknown', cause: 'now' })
    expect(await errorOf(calls[1] as Promise<unknown>)).toMatchObject({ reason: 'aborted', outcome: 'no effect' })
  })

  it('are refused when as many as may be are under way, and when the command cannot travel', async () => {
    const { face } = scene({ limitCalls: 1 })
    void face.execute({ to: 'a', amount: 1 })
    expect(await errorOf(face.execute({ to: 'a', amount: 1 }))).toMatchObject({ reason: 'overloaded', outcome: 'no effect' })
    const [p] = three()
    const call = p.face.execute({ to: (() => {}) as unknown as string, amount: 1 })
    expect(await errorOf(call)).toMatchObject({ reason: 'refused', outcome: 'no effect' })
    await p.face.execute({ to: 'a', amount: 1 })
  })

  it('end with their process', async () => {
    const { process, face } = scene()
    const call = face.execute({ to: 'a', amount: 1 })
    process.stop()
    expect(await errorOf(call)).toMatchObject({ reason: 'stopped', outcome: 'unknown' })
    expect(await errorOf(face.read(readAll))).toMatchObject({ reason: 'stopped', outcome: 'no effect' })
  })

  it('options that make no sense are refused', () => {
    const { face } = scene()
    expect(() => face.execute({ to: 'a', amount: 1 }, { once: { session: '1', number: 0 } })).toThrow('once: expected { session, number }')
    expect(() => scene({ checkpointCommands: 0 })).toThrow('checkpointCommands: expected a whole number of at least 1, found 0')
  })

  it('that were given up still count among those under way, until they come up', async () => {
    const { face, proposed, decide } = scene({ limitCalls: 1 })
    const controller = new AbortController()
    const call = face.execute({ to: 'a', amount: 1 }, { signal: controller.signal })
    controller.abort()
    await errorOf(call)
    expect(await errorOf(face.read(readAll))).toMatchObject({ reason: 'overloaded' })
    decide(proposed()[0])
    const read = face.read(readAll)
    await Promise.resolve()
    decide(proposed()[1])
    expect(await read).toEqual({ a: 1 })
  })

  it('wait for room in the links, in their order; those given up meanwhile have no effect', async () => {
    const room: (() => void)[] = []
    const pressure = { isFull: true, isOverfull: false, whenRoom: (f: () => void) => void room.push(f) }
    const network = new MemoryNetwork()
    const supply = [{ ...network.transport('p'), pressure }, systemTimer, systemTurn] as const
    const process = new Process({ self: 'p', processes: ['p'], supply })
    const face = replicate(process, LeaderDrivenSequence, bank)
    const controller = new AbortController()
    const calls = [1, 2].map((amount) => face.execute({ to: 'a', amount }))
    const third = face.execute({ to: 'a', amount: 9 }, { signal: controller.signal })
    controller.abort()
    expect(await errorOf(third)).toMatchObject({ outcome: 'no effect' })
    pressure.isFull = false
    for (const f of room) f()
    expect(await Promise.all(calls)).toEqual([1, 3])
  })

  it('a state that is too large to travel is not handed to others, and the observer sees it; the service goes on', async () => {
    const long = 'x'.repeat(400_000)
    const [p] = three(undefined, { checkpointCommands: 3 })
    for (const i of [1, 2, 3, 4]) await p.face.execute({ to: `${long}${i}`, amount: i })
    expect(p.seen.find(({ kind }) => kind === 'no snapshot')).toMatchObject({ number: 3, cause: { code: 'UPON_TOO_LARGE' } })
    expect(await p.face.read((state) => state.size)).toBe(4)
  })
})
