import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { ReadImposeWriteMajority } from './read-impose-write-majority'

function system(n = 3) {
  const all = new System(n, (process) => process.run(ReadImposeWriteMajority.of<number>()))
  const [p, q, r] = all.clients
  return { all, p, q, r }
}

it('ONAR2 validity: a read returns the last value written, at every process, and ⊥ before the first write', () => {
  const { all, p, q, r } = system()
  q.read()
  p.write(1)
  q.read()
  p.write(2)
  for (const { read } of [p, q, r]) read()
  expect(all.returned()).toEqual([['written', 'written', 'read 2'], ['read undefined', 'read 1', 'read 2'], ['read 2']])
})

it('ONAR3 ordering: a read imposes the value on a majority, so no later read returns an older one', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, message }) => from === 'p' && message.kind === 'WRITE')
  p.write(2)
  all.hold(({ from, to, message }) => (from === 'p' && message.kind === 'WRITE') || to === 'r')
  q.read() // by p and q
  all.hold(({ from, to }) => from === 'p' || to === 'p')
  r.read() // by q and r
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 2']])
})

it('ONAR3 ordering: a read does not return before what it imposes has reached a majority', () => {
  const { all, p, q } = system()
  all.hold(({ from, message }) => from === 'p' && message.kind === 'WRITE')
  p.write(1)
  all.hold(({ message }) => message.kind === 'WRITE')
  q.read()
  expect(q.seen).toEqual([])
  all.release()
  expect(all.returned()).toEqual([['written'], ['read 1'], []])
})

it('ONAR3 ordering: if the writer crashes during a write, its value may appear late, but then for all', () => {
  const { all, p, q, r } = system(5)
  p.write(1)
  const isLost = ({ from, to }: { from: string; to: string }) => from === 'p' && to !== 'q'
  all.hold(isLost)
  p.write(2)
  all.crash('p')
  all.hold((message) => isLost(message) || message.from === 'q')
  r.read() // by r, s and t
  all.hold(isLost)
  for (const { read } of [q, r]) read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 1', 'read 2'], [], []])
})

it('ONAR1 termination: operations complete while a majority is alive, and block without one', () => {
  const { all, p, q } = system()
  all.crash('r')
  p.write(1)
  q.read()
  all.crash('p')
  q.read()
  expect(all.returned()).toEqual([['written'], ['read 1'], []])
})

it('ONAR2 validity: late ACKs do not count for the next operation, be it a write or a read', () => {
  const { all, p } = system(5)
  all.hold(({ from }) => from === 's' || from === 't')
  p.write(1)
  all.hold(({ message }) => message.kind === 'WRITE' && message.rid !== 1)
  p.write(2)
  expect(p.seen).toEqual(['written'])
  all.release()
  all.hold(({ from, message }) => message.kind === 'VALUE' || ((from === 's' || from === 't') && message.kind === 'ACK'))
  p.read()
  expect(p.seen).toEqual(['written', 'written'])
})

it('ONAR2 validity: late VALUEs do not count for the next read', () => {
  const { all, p, q } = system(5)
  all.hold(({ from, to }) => to === 'q' && (from === 's' || from === 't'))
  q.read()
  p.write(1)
  all.hold(({ from, to, message }) => to === 'q' && message.rid === 2 && from !== 'p')
  q.read()
  expect(q.seen).toEqual(['read undefined'])
  all.release()
  expect(q.seen).toEqual(['read undefined', 'read 1'])
})

it('ONAR3 ordering: a process that answers twice counts once', () => {
  const { all, p } = system(5)
  all.hold(({ from }) => from !== 'p')
  p.write(1)
  all.repeat(({ from }) => from === 'q')
  all.hold(({ from }) => from !== 'p' && from !== 'q')
  expect(p.seen).toEqual([])
  all.release()
  expect(p.seen).toEqual(['written'])
})

it.each([1, 3, 5])('costs what its header says: %d processes', (n) => {
  const { all, p } = system(n)
  p.write(1)
  expect(all.costs()).toMatchObject({ steps: n === 1 ? 0 : 2, messages: 2 * n })
  p.read()
  expect(all.costs()).toMatchObject({ steps: n === 1 ? 0 : 4, messages: 4 * n })
})
