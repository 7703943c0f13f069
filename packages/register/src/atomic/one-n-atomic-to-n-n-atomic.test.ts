import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { OneOneAtomicToOneNAtomic } from '../one-n-atomic/one-one-atomic-to-one-n-atomic'
import { OneNRegularToOneOneAtomic } from '../one-one-atomic/one-n-regular-to-one-one-atomic'
import { MajorityVoting } from '../regular/majority-voting'
import { OneNAtomicToNNAtomic } from './one-n-atomic-to-n-n-atomic'

/** All transformations, down to regular registers. */
const Stack = OneNAtomicToNNAtomic.over({
  onar: OneOneAtomicToOneNAtomic.over({ ooar: OneNRegularToOneOneAtomic.over({ onrr: MajorityVoting }) }),
})

for (const [name, layer] of Object.entries({ 'over its default': OneNAtomicToNNAtomic, 'over the other transformations': Stack })) {
  const system = (n = 3) => {
    const all = new System(n, (process) => process.run(layer.of<number>()))
    const [p, q, r] = all.clients
    return { all, p, q, r }
  }

  it(`NNAR2 atomicity: a read returns the last value written, by any process; ${name}`, () => {
    const { all, p, q, r } = system()
    for (const { read } of [p, q, r]) read()
    p.write(1)
    q.read()
    r.write(2)
    p.read()
    p.write(3)
    for (const { read } of [p, q, r]) read()
    expect(all.returned()).toEqual([
      ['read undefined', 'written', 'read 2', 'written', 'read 3'],
      ['read undefined', 'read 1', 'read 3'],
      ['read undefined', 'written', 'read 3'],
    ])
  })

  it(`NNAR2 atomicity: of two writes with the same timestamp, the one by the higher rank is later, everywhere; ${name}`, () => {
    for (const first of ['p', 'q', 'r']) {
      const { all, p, q, r } = system()
      all.hold(() => true)
      p.write(1)
      q.write(2)
      all.hold(({ to }) => to !== first)
      all.release()
      for (const { read } of [p, q, r]) read()
      expect(all.returned()).toEqual([['written', 'read 2'], ['written', 'read 2'], ['read 2']])
    }
  })

  it(`NNAR2 atomicity: after one read of a value all later reads return it, although its writer crashed during the write; ${name}`, () => {
    const { all, p, q, r } = system()
    p.write(1)
    const isWrite = ({ from, message }: { from: string; message: { kind: string } }) => from === 'p' && message.kind === 'WRITE'
    all.hold(isWrite)
    p.write(2)
    all.hold((message) => isWrite(message) && message.to === 'r')
    all.crash('p')
    q.read()
    r.read()
    const [, [one] = [], [other] = []] = all.returned()
    expect(one).toBe(other)
  })

  it(`NNAR1 termination: operations complete while a majority is alive, and block without one; ${name}`, () => {
    const { all, p, q } = system()
    all.crash('r')
    p.write(1)
    q.read()
    all.crash('p')
    q.read()
    expect(all.returned()).toEqual([['written'], ['read 1'], []])
  })
}

it.each([1, 3, 5])('costs what its header says: N reads, or N reads and then a write; %d processes', (n) => {
  const all = new System(n, (process) => process.run(OneNAtomicToNNAtomic.of<number>()))
  const [p] = all.clients
  const [read, write] = [4 * n, 2 * n] // messages, of read-impose write-majority
  p.read()
  expect(all.costs()).toEqual({ steps: n === 1 ? 0 : 4, messages: n * read, reads: n, writes: 0 })
  p.write(1)
  expect(all.costs()).toEqual({ steps: n === 1 ? 0 : 6, messages: n * read + write, reads: n, writes: 1 })
})
