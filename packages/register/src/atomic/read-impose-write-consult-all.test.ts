import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { ReadImposeWriteConsultAll } from './read-impose-write-consult-all'

function system(n = 3) {
  const all = new System(n, (process) => process.run(ReadImposeWriteConsultAll.over({ pfd: PerfectFailureDetector }).of<number>()))
  const [p, q, r] = all.clients
  return { all, p, q, r }
}

it('NNAR2 atomicity: a read returns the last value written, by any process, and ⊥ before the first write', () => {
  const { all, p, q, r } = system()
  r.read()
  p.write(1)
  q.read()
  r.write(2)
  p.read()
  p.write(3)
  for (const { read } of [p, q, r]) read()
  expect(all.returned()).toEqual([
    ['written', 'read 2', 'written', 'read 3'],
    ['read 1', 'read 3'],
    ['read undefined', 'written', 'read 3'],
  ])
})

it.each(['p', 'q'])(
  'NNAR2 atomicity: of two writes with the same timestamp, that of the higher rank is the later one; %s is heard first',
  (first) => {
    const { all, p, q, r } = system()
    all.hold(() => true)
    p.write(1)
    q.write(2)
    all.hold(({ from }) => from !== first)
    all.release()
    for (const { read } of [p, q, r]) read()
    expect(all.returned()).toEqual([['written', 'read 2'], ['written', 'read 2'], ['read 2']])
  },
)

it('NNAR2 atomicity: a read imposes the value before it returns it, with the rank of its writer', () => {
  const { all, p, q, r } = system()
  all.hold(({ from, to, message }) => from === 'p' && to === 'q' && message.kind === 'WRITE')
  p.write(1)
  r.read()
  q.read()
  expect(all.returned()).toEqual([[], ['read 1'], ['read 1']])
  expect(q.process.snapshot().nnar).toMatchObject({ stored: { ts: 1, wr: 1, val: 1 } })
})

it('NNAR2 atomicity: if a writer crashes during a write, its value may appear late, but then for all', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, to }) => from === 'p' && to === 'r')
  p.write(2)
  all.crash('p')
  all.detect('p')
  for (const { read } of [r, q, r]) read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 1', 'read 2']])
})

it('NNAR1 termination: an operation waits for each process until it has acknowledged or is detected', () => {
  const { all, p, q } = system()
  all.crash('r')
  p.write(1)
  q.read()
  expect(all.returned()).toEqual([[], [], []])
  all.detect('r')
  expect(all.returned()).toEqual([['written'], ['read 1'], []])
})

it('NNAR2 atomicity: a late acknowledgement from a crashed process does not count for another process', () => {
  const { all, p } = system()
  all.hold(({ from }) => from === 'q')
  p.write(1)
  all.crash('q')
  all.detect('q')
  expect(p.seen).toEqual(['written'])
  all.hold(({ to }) => to === 'r') // what q sent arrives now
  p.write(2)
  expect(p.seen).toEqual(['written'])
})

it.each([1, 3, 5])('costs what its header says: %d processes', (n) => {
  const { all, p } = system(n)
  for (const operation of [() => p.write(1), () => p.read()]) {
    operation()
    expect(all.costs()).toMatchObject({ steps: n === 1 ? 0 : 2, messages: 2 * n })
  }
})
