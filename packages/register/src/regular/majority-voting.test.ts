import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { MajorityVoting } from './majority-voting'

function system(n = 3) {
  const all = new System(n, (process) => process.run(MajorityVoting.of<number>()))
  const [p, q, r] = all.clients
  return { all, p, q, r }
}

it('ONRR2 validity: a read returns the last value written, at every process, and ⊥ before the first write', () => {
  const { all, p, q, r } = system()
  q.read()
  p.write(1)
  q.read()
  p.write(2)
  for (const { read } of [p, q, r]) read()
  expect(all.returned()).toEqual([['written', 'written', 'read 2'], ['read undefined', 'read 1', 'read 2'], ['read 2']])
})

it('a new-old inversion is possible: during a write a process reads its value, and then the previous one', () => {
  const { all, p, q } = system()
  p.write(1)
  all.hold(({ from, message }) => from === 'p' && message.kind === 'WRITE')
  p.write(2)
  all.hold(({ to, message }) => message.kind === 'WRITE' || to === 'r')
  q.read() // by p and q
  all.hold(({ to, message }) => message.kind === 'WRITE' || to === 'p')
  q.read() // by q and r
  expect(all.returned()).toEqual([['written'], ['read 2', 'read 1'], []])
})

it('ONRR1 termination: operations complete while a majority is alive, and block without one', () => {
  const { all, p, q } = system()
  all.crash('r')
  p.write(1)
  q.read()
  all.crash('p')
  q.read()
  expect(all.returned()).toEqual([['written'], ['read 1'], []])
})

it('ONRR2 validity: a late VALUE does not count for the next read', () => {
  const { all, p, q } = system(5)
  p.write(1)
  all.hold(({ from, to }) => to === 'q' && (from === 's' || from === 't'))
  q.read()
  p.write(2)
  all.hold(({ to, message }) => to === 'q' && message.rid === 2)
  q.read()
  expect(q.seen).toEqual(['read 1'])
  all.release()
  expect(q.seen).toEqual(['read 1', 'read 2'])
})

it('ONRR2 validity: a late ACK does not count for the next write', () => {
  const { all, p } = system(5)
  all.hold(({ from }) => from === 's' || from === 't')
  p.write(1)
  all.hold(({ message }) => message.kind === 'WRITE')
  p.write(2)
  expect(p.seen).toEqual(['written'])
})

it('ONRR2 validity: a WRITE that the next one has overtaken changes nothing, and is acknowledged', () => {
  const { all, p, r } = system()
  all.hold(({ to, message }) => to === 'r' && message.ts === 1)
  p.write(1)
  p.write(2)
  all.release()
  expect(r.process.snapshot().onrr).toMatchObject({ stored: { ts: 2, val: 2 } })
  expect(p.seen).toEqual(['written', 'written'])
})

it('ONRR2 validity: a process that answers twice counts once', () => {
  const { all, p } = system(5)
  all.hold(({ to, message }) => (to === 'p' && message.kind === 'ACK') || ['r', 's', 't'].includes(to))
  p.write(1)
  all.repeat(({ message }) => message.kind === 'ACK')
  all.hold(({ to }) => ['r', 's', 't'].includes(to))
  expect(p.seen).toEqual([])
  all.release()
  expect(p.seen).toEqual(['written'])
})

it('ONRR2 validity: a writer that crashes during a write leaves a value that may be read once, and then not', () => {
  const { all, p, q, r } = system(5)
  p.write(1)
  all.hold(({ from, to }) => from === 'p' && to !== 'q')
  p.write(2)
  all.crash('p')
  all.hold(({ from, to }) => from === 'p' || to === 't')
  q.read()
  expect(q.seen).toEqual(['read 2'])
  all.hold(({ from }) => from === 'p' || from === 'q')
  r.read()
  expect(r.seen).toEqual(['read 1'])
})

it.each([1, 3, 5])('costs what its header says: %d processes', (n) => {
  const { all, p } = system(n)
  for (const operation of [() => p.write(1), () => p.read()]) {
    operation()
    expect(all.costs()).toMatchObject({ steps: n === 1 ? 0 : 2, messages: 2 * n })
  }
})
