import { AtomicRegister, OneNAtomicRegister, OneOneAtomicRegister, RegularRegister } from '@upon/contract'
import { adversarial, type SimulatedProcess } from '../../src'
import { type Case, type Seen, some } from './case'

const using =
  (module: 'RegularRegister' | 'OneOneAtomicRegister' | 'OneNAtomicRegister' | 'AtomicRegister') => (process: SimulatedProcess) => {
    const register = process.run(adversarial[module](process), 'x')
    let complete = () => {}
    process.upon(register.readReturn, () => complete())
    process.upon(register.writeReturn, () => complete())
    return (operation: string, done: () => void) => {
      complete = done
      if (operation.startsWith('read')) register.read()
      else register.write(operation as never)
    }
  }

const common: Case['sometimes'] = {
  'a write takes effect after its process has crashed': (seen) =>
    seen.of('readReturn').some(({ index, attributes: [v] }) => {
      const crash = seen.crashes.get(String(v).split(' ')[0] ?? '')
      const before = seen.of('readReturn').filter((r) => r.index < index)
      return crash !== undefined && index > crash && before.some((r) => r.index > crash && r.attributes[0] !== v)
    }),
  'the write of a crashed process never shows, though all read long after': (seen) =>
    seen.of('write').some(({ process, attributes: [v] }) => {
      const crash = seen.crashes.get(process)
      const reads = seen.of('readReturn')
      return (
        crash !== undefined &&
        !seen.of('writeReturn', process).length &&
        (reads.at(-1)?.index ?? 0) > crash &&
        !reads.some((r) => r.attributes[0] === v)
      )
    }),
  'a read that overlaps a write returns what it writes': (seen) => overlapping(seen, (read, v) => read === v),
  'a read that overlaps a write returns something else': (seen) => overlapping(seen, (read, v) => read !== v),
}

function overlapping(seen: Seen, is: (read: unknown, written: unknown) => boolean): boolean {
  return seen.of('write').some(({ process, index, attributes: [v] }) => {
    const end = seen.of('writeReturn', process).find((e) => e.index > index)?.index ?? Number.POSITIVE_INFINITY
    return seen.of('readReturn').some((r) => r.index > index && r.index < end && is(r.attributes[0], v))
  })
}

/** A value was read, then one that it had replaced. */
const inversion = (seen: Seen) => {
  const order = [undefined, ...seen.of('write').map(({ attributes: [v] }) => v)]
  const reads = seen.of('readReturn').map(({ attributes: [v] }) => order.indexOf(v))
  return reads.some((v, i) => v < (reads[i - 1] ?? -1))
}

export const registers: readonly Case[] = [
  {
    module: RegularRegister,
    resilience: 'f < N',
    setup: using('RegularRegister'),
    operations: some(5, 'p1'),
    sometimes: {
      ...Object.fromEntries(Object.entries(common).filter(([name]) => name.startsWith('a read'))),
      'a new value is read, and then the old one again': inversion,
      'after a crash of the writer, values are read in turns': (seen) => {
        const crash = seen.crashes.get('p1') ?? Number.POSITIVE_INFINITY
        const reads = seen.of('readReturn').filter(({ index }) => index > crash)
        return reads.filter(({ attributes: [v] }, i) => i > 0 && v !== reads[i - 1]?.attributes[0]).length > 3
      },
    },
  },
  {
    module: OneOneAtomicRegister,
    as: AtomicRegister,
    resilience: 'f < N',
    setup: using('OneOneAtomicRegister'),
    operations: (random, processes) =>
      some(12, 'p1')(random, processes.slice(0, 2)).filter(({ process, operation }) => process !== 'p1' || !operation.startsWith('read')),
    sometimes: common,
  },
  {
    module: OneNAtomicRegister,
    as: AtomicRegister,
    resilience: 'f < N',
    setup: using('OneNAtomicRegister'),
    operations: some(5, 'p1'),
    sometimes: common,
  },
  { module: AtomicRegister, resilience: 'f < N', setup: using('AtomicRegister'), operations: some(4), sometimes: common },
]
