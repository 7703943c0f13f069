import { PerfectFailureDetector } from '@upon/contract'
import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { ReadOneWriteAll } from './read-one-write-all'

function system(n = 3) {
  const all = new System(n, (process) => process.run(ReadOneWriteAll.over({ pfd: PerfectFailureDetector }).of<number>()))
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

it('a new-old inversion is possible: during a write one process reads its value, and later another does not', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ to }) => to === 'r')
  p.write(2)
  q.read()
  r.read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 1']])
  all.release()
  r.read()
  expect(all.returned()).toEqual([['written'], [], ['read 2']])
})

it('ONRR1 termination: a write waits for each process until it has acknowledged or is detected', () => {
  const { all, p, q, r } = system()
  all.hold(({ to }) => to === 'r')
  all.crash('q')
  p.write(1)
  all.detect('q')
  expect(p.seen).toEqual([])
  all.release()
  expect(p.seen).toEqual(['written'])
  all.crash('r')
  p.write(2)
  expect(p.seen).toEqual(['written'])
  all.detect('r')
  expect(p.seen).toEqual(['written', 'written'])
  expect([q.seen, r.seen]).toEqual([[], []])
})

it('ONRR1 termination: a detection between operations completes none', () => {
  const { all, p } = system()
  all.crash('q')
  all.detect('q')
  expect(p.seen).toEqual([])
  p.read()
  all.crash('r')
  all.detect('r')
  expect(p.seen).toEqual(['read undefined'])
})

it('ONRR2 validity: a late acknowledgement from a crashed process does not count for another process', () => {
  const { all, p, r } = system()
  all.hold(({ from }) => from === 'q')
  p.write(1)
  all.crash('q')
  all.detect('q')
  expect(p.seen).toEqual(['written'])
  all.hold(({ to }) => to === 'r') // what q sent arrives now
  p.write(2)
  expect(p.seen).toEqual(['written'])
  r.read()
  expect(r.seen).toEqual(['read 1'])
})

it('ONRR2 validity: a writer that crashes during a write leaves a value that some read and others do not', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, to }) => from === 'p' && to === 'r')
  p.write(2)
  all.crash('p')
  all.detect('p')
  for (const { read } of [q, r, q]) read()
  expect(all.returned()).toEqual([['written'], ['read 2', 'read 2'], ['read 1']])
})

it('ONRR2 validity is lost if the detector reports a process that has not crashed: the algorithm assumes a perfect detector', () => {
  const { all, p, r } = system()
  all.hold(({ to }) => to === 'r')
  p.write(1)
  all.detect('r')
  r.read()
  expect(all.returned()).toEqual([['written'], [], ['read undefined']])
})

it.each([1, 3, 5])('costs what its header says: %d processes', (n) => {
  const { all, p } = system(n)
  p.write(1)
  expect(all.costs()).toMatchObject({ steps: n === 1 ? 0 : 2, messages: 2 * n })
  p.read()
  expect(all.costs()).toMatchObject({ steps: 0, messages: 0 })
})
