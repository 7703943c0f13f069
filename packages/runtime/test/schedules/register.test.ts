import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { describe, expect, it } from 'vitest'
import { caught, explore } from './explore'
import { faultyRegister, type RegisterFault } from './faulty-register'
import { describeHistory, isLinearizable, type Operation } from './linearizable'
import { randomOf } from './random'
import { ShuffledNetwork } from './shuffled-network'

const names = ['p', 'q', 'r', 's', 't']
type Register = typeof ReadImposeWriteConsultMajority

/** One schedule: concurrent readers and writers, a minority of which crash. Says which property it violated. */
function violationOf(register: Register, n: number, seed: number): string | undefined {
  const random = randomOf(seed)
  const network = new ShuffledNetwork(random)
  const processes = names.slice(0, n)
  const history: Operation[] = []
  const running = new Map<string, Process<readonly [ReturnType<ShuffledNetwork['transport']>]>>()
  const writers = random.pick([1, 2, n])
  let now = 0
  let value = 0
  network.onCrash = (p) => running.get(p)?.stop()
  for (const [i, self] of processes.entries()) {
    const process = new Process({ self, processes, supply: [network.transport(self)] })
    running.set(self, process)
    const nnar = process.run(register.of<number>())
    let left = 2 + random.below(3)
    let current: Operation | undefined
    const next = () => {
      current = undefined
      if (left-- <= 0) return
      const kind = i < writers && random.chance(0.6) ? 'write' : 'read'
      current = { kind, begin: ++now, value: kind === 'write' ? ++value : undefined }
      history.push(current)
      if (kind === 'write') nnar.write(value)
      else nnar.read()
    }
    const complete = (read: Partial<Operation>) => {
      if (current === undefined || network.crashed.has(self)) return
      Object.assign(current, { end: ++now, ...read })
      next()
    }
    process.upon(nnar.readReturn, (v) => complete({ value: v }))
    process.upon(nnar.writeReturn, () => complete({}))
    if (i > 0 && i <= random.below(Math.ceil(n / 2))) network.crashAfterSends(self, random.below(30))
    next()
  }
  network.run(20_000)
  const pending = history.filter(({ end }) => end === undefined).length
  if (!isLinearizable(history)) return `NNAR2 atomicity: ${describeHistory(history)}`
  if (pending > network.crashed.size)
    return `NNAR1 termination: ${pending} pending, ${network.crashed.size} crashed: ${describeHistory(history)}`
  return undefined
}

describe('read-impose write-consult-majority, whatever the order of messages and with a minority crashed', () => {
  it.each([3, 5])('NNAR1 termination, NNAR2 atomicity: %d processes', (n) => {
    expect(explore(2000, (seed) => violationOf(ReadImposeWriteConsultMajority, n, seed))).toBeUndefined()
  })

  it('the copy that the mutants are made of is right', () => {
    expect(caught(300, (seed) => violationOf(faultyRegister('none') as Register, 3, seed))).toBeUndefined()
  })

  it.each([
    ['no write-back', 'NNAR2'],
    ['ties ignore rank', 'NNAR2'],
    ["reader's rank in the write-back", 'NNAR2'],
    ['quorum of f', 'NNAR2'],
    ['lower timestamp overwrites', 'NNAR2'],
    ['read id not compared', 'NNAR'],
    ['acknowledged only when newer', 'NNAR1'],
  ] satisfies [RegisterFault, string][])('a mutant is caught: %s', (fault, property) => {
    expect(caught(5000, (seed) => violationOf(faultyRegister(fault) as Register, seed % 2 ? 3 : 5, seed))).toContain(property)
  })
})

describe('the check of linearizability', () => {
  const write = (value: number, begin: number, end?: number): Operation => ({
    kind: 'write',
    value,
    begin,
    ...(end === undefined ? {} : { end }),
  })
  const read = (value: number | undefined, begin: number, end: number): Operation => ({ kind: 'read', value, begin, end })

  it.each<[string, Operation[], boolean]>([
    ['a read of ⊥ before any write', [read(undefined, 1, 2), write(1, 3, 4)], true],
    ['a read of ⊥ after a write', [write(1, 1, 2), read(undefined, 3, 4)], false],
    ['a stale read', [write(1, 1, 2), write(2, 3, 4), read(1, 5, 6)], false],
    ['reads beside a write: new, then old', [write(1, 1, 2), write(2, 3, 10), read(2, 4, 5), read(1, 6, 7)], false],
    ['reads beside a write: old, then new', [write(1, 1, 2), write(2, 3, 10), read(1, 4, 5), read(2, 6, 7)], true],
    ['a pending write that was read, and one that was not', [write(1, 1), write(2, 2), read(2, 5, 6), read(2, 7, 8)], true],
    ['a value that nobody wrote', [write(1, 1, 2), read(7, 3, 4)], false],
  ])('%s', (_, history, expected) => {
    expect(isLinearizable(history)).toBe(expected)
  })
})
