import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { ReadImposeWriteAll } from './read-impose-write-all'

function system(n = 3) {
  const all = new System(n, (process) => process.run(ReadImposeWriteAll.over({ pfd: PerfectFailureDetector }).of<number>()))
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

it('ONAR3 ordering: a read imposes the value before it returns it, so no later read returns an older one', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ to }) => to === 'r')
  p.write(2)
  q.read()
  expect(q.seen).toEqual([])
  all.hold(({ from, to, message }) => from === 'p' && to === 'r' && message.kind === 'WRITE')
  r.read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 2']])
})

it('ONAR3 ordering: a read returns the value at its invocation, whatever arrives meanwhile', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ to }) => to === 'r')
  q.read()
  p.write(2)
  all.release()
  r.read()
  expect(all.returned()).toEqual([['written', 'written'], ['read 1'], ['read 2']])
})

it('ONAR3 ordering: if the writer crashes during a write, its value may appear late, but then for all', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, to }) => from === 'p' && to === 'r')
  p.write(2)
  all.crash('p')
  all.detect('p')
  for (const { read } of [r, q, r]) read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 1', 'read 2']])
})

it('ONAR1 termination: an operation waits for each process until it has acknowledged or is detected', () => {
  const { all, p, q } = system()
  all.crash('r')
  p.write(1)
  q.read()
  expect(all.returned()).toEqual([[], [], []])
  all.detect('r')
  q.read()
  expect(all.returned()).toEqual([['written'], ['read 1', 'read 1'], []])
})

it('ONAR2 validity: a late acknowledgement from a crashed process does not count for another process', () => {
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
