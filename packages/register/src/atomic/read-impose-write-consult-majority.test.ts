import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { ReadImposeWriteConsultMajority } from './read-impose-write-consult-majority'

const names = ['p', 'q', 'r', 's', 't']

function system(n: number) {
  const network = new MemoryNetwork()
  const processes = names.slice(0, n)
  return processes.map((self) => {
    const seen: string[] = []
    const observed: string[] = []
    const process = new Process({
      self,
      processes,
      supply: [network.transport(self)],
      observe: ({ path, event, direction }) => {
        if (path.endsWith('.pl') && event === 'send' && direction === 'request') observed.push(path)
      },
    })
    const nnar = process.run(ReadImposeWriteConsultMajority.of<number>())
    process.upon(nnar.readReturn, (v) => seen.push(`read ${v}`))
    process.upon(nnar.writeReturn, () => seen.push('written'))
    return { self, nnar, seen, observed, process, crash: () => network.detach(self) }
  })
}

it('NNAR2 atomicity: a read returns the last value written, at every process', () => {
  const all = system(3)
  all[0]?.nnar.write(5)
  for (const { nnar } of all) nnar.read()
  all[2]?.nnar.write(7)
  for (const { nnar } of all) nnar.read()
  expect(all.map(({ seen }) => seen)).toEqual([
    ['written', 'read 5', 'read 7'],
    ['read 5', 'read 7'],
    ['read 5', 'written', 'read 7'],
  ])
})

it('NNAR2 atomicity: a register without a write holds ⊥', () => {
  const [p] = system(3)
  p?.nnar.read()
  expect(p?.seen).toEqual(['read undefined'])
})

it('NNAR1 termination: operations complete while a majority is alive, and block without one', () => {
  const [p, q, r] = system(3)
  q?.crash()
  p?.nnar.write(1)
  expect(p?.seen).toEqual(['written'])
  r?.crash()
  p?.nnar.read()
  expect(p?.seen).toEqual(['written'])
})

it('costs what its header says: 4N messages per operation', () => {
  for (const n of [1, 3, 5]) {
    const all = system(n)
    all[0]?.nnar.write(1)
    expect(all.flatMap(({ observed }) => observed)).toHaveLength(4 * n)
  }
})
