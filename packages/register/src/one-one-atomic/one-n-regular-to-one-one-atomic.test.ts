import { type Port, RegularRegister } from '@upon/contract'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'
import { System } from '../../test/system'
import { MajorityVoting } from '../regular/majority-voting'
import { OneNRegularToOneOneAtomic } from './one-n-regular-to-one-one-atomic'

/** A process over a regular register that returns the given values, one per read. */
function over(values: readonly unknown[]) {
  const left = [...values]
  const written: unknown[] = []
  const onrr: Port<RegularRegister> = {
    sort: 'port',
    abstraction: RegularRegister,
    open: ({ indicate }) => ({
      upon: {
        read: () => indicate.readReturn(left.shift()),
        write: (v) => {
          written.push(v)
          indicate.writeReturn()
        },
      },
    }),
  }
  const process = new Process({ self: 'p', processes: ['p', 'q'] })
  const ooar = process.run(OneNRegularToOneOneAtomic.over({ onrr }).of<number>())
  const seen: string[] = []
  process.upon(ooar.readReturn, (v) => seen.push(`read ${v}`))
  process.upon(ooar.writeReturn, () => seen.push('written'))
  return { ooar, seen, written }
}

it('OOAR2 validity: each value is written with its own timestamp, and read without it', () => {
  const { ooar, seen, written } = over([undefined, { ts: 1, val: 7 }])
  ooar.read()
  ooar.write(7)
  ooar.write(7)
  ooar.read()
  expect(written).toEqual([
    { ts: 1, val: 7 },
    { ts: 2, val: 7 },
  ])
  expect(seen).toEqual(['read undefined', 'written', 'written', 'read 7'])
})

it('OOAR3 ordering: the reader never goes back to an older value, ⊥ included, when the regular register does', () => {
  const [old, latest] = [
    { ts: 1, val: 5 },
    { ts: 2, val: 6 },
  ]
  const { ooar, seen } = over([old, undefined, latest, old, undefined, latest])
  for (let i = 0; i < 6; i++) ooar.read()
  expect(seen).toEqual(['read 5', 'read 5', 'read 6', 'read 6', 'read 6', 'read 6'])
})

it('OOAR3 ordering: under the schedule that inverts reads of majority voting', () => {
  const all = new System(3, (process) => process.run(OneNRegularToOneOneAtomic.over({ onrr: MajorityVoting }).of<number>()))
  const [p, q] = all.clients
  p.write(1)
  all.hold(({ from, message }) => from === 'p' && message.kind === 'WRITE')
  p.write(2)
  all.hold(({ to, message }) => message.kind === 'WRITE' || to === 'r')
  q.read()
  all.hold(({ to, message }) => message.kind === 'WRITE' || to === 'p')
  q.read()
  expect(all.returned()).toEqual([['written'], ['read 2', 'read 2'], []])
})

it('costs what its header says: one operation of its register per operation', () => {
  const all = new System(3, (process) => process.run(OneNRegularToOneOneAtomic.of<number>()))
  const [p, q] = all.clients
  p.write(1)
  expect(all.costs()).toEqual({ steps: 2, messages: 6, reads: 0, writes: 1 })
  q.read()
  expect(all.costs()).toEqual({ steps: 2, messages: 6, reads: 1, writes: 0 })
})
