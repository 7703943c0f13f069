import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { OneOneAtomicToOneNAtomic } from './one-one-atomic-to-one-n-atomic'

function system(n = 3) {
  const all = new System(n, (process) => process.run(OneOneAtomicToOneNAtomic.of<number>()))
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

it('has one register per pair of processes', () => {
  const { p } = system()
  const registers = Object.keys(p.process.snapshot()).filter((path) => /^onar\.ooar\[[^\]]*\]$/.test(path))
  expect(registers).toEqual(['1,1', '1,2', '1,3', '2,1', '2,2', '2,3', '3,1', '3,2', '3,3'].map((pair) => `onar.ooar[${pair}]`))
})

it('ONAR3 ordering: a reader that the write has not reached learns from another reader', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, path }) => from === 'p' && path.includes('ooar[3,1]'))
  p.write(2)
  q.read()
  r.read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 2']])
})

it('ONAR3 ordering: if the writer crashes during a write, its value may appear late, but then for all', () => {
  const { all, p, q, r } = system()
  p.write(1)
  all.hold(({ from, path, message }) => from === 'p' && message.kind === 'WRITE' && path.includes('ooar[3,1]'))
  p.write(2)
  all.hold(({ from, path }) => from === 'p' && path.includes('ooar[3,1]'))
  all.crash('p')
  for (const { read } of [r, q, r]) read()
  expect(all.returned()).toEqual([['written'], ['read 2'], ['read 1', 'read 2']])
})

it('ONAR1 termination: operations complete while those of the registers do', () => {
  const { all, p, q } = system()
  all.crash('r')
  p.write(1)
  q.read()
  expect(all.returned()).toEqual([['written'], ['read 1'], []])
})

it.each([1, 3, 5])('costs what its header says: N writes, or N reads and then N writes; %d processes', (n) => {
  const { all, p } = system(n)
  const steps = n === 1 ? 0 : 2
  const ofEach = 2 // a request of the (1,1) register is one of the regular register below it
  p.write(1)
  expect(all.costs()).toEqual({ steps, messages: n * 2 * n, reads: 0, writes: ofEach * n })
  p.read()
  expect(all.costs()).toEqual({ steps: 2 * steps, messages: 2 * n * 2 * n, reads: ofEach * n, writes: ofEach * n })
})
