import { RegularRegister } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialPort, Ensemble } from './ensemble'
import { Role } from './role'

interface Write {
  readonly value: unknown
}

class History extends Ensemble<RegularRegister> {
  /** The last complete write, and those begun since. */
  #writes: readonly Write[] = [{ value: undefined }]
  /** What the reads under way may return. */
  readonly #reads = new Set<Write[]>()
  readonly writer = new Role()
  /** What was read last, at any process. */
  lastRead: Write | undefined

  beginRead(): Write[] {
    const candidates = [...this.#writes]
    this.#reads.add(candidates)
    return candidates
  }

  endRead(candidates: Write[], read: Write): void {
    this.#reads.delete(candidates)
    this.lastRead = read
  }

  beginWrite(write: Write): void {
    this.#writes = [...this.#writes, write]
    for (const candidates of this.#reads) candidates.push(write)
  }

  endWrite(write: Write): void {
    const [, ...begun] = this.#writes
    this.#writes = [write, ...begun.filter((other) => other !== write)]
  }
}

/**
 * The worst (1,N) regular register that its module allows: a read that overlaps writes returns the last value before them or any of theirs
 * (ONRR2), and mostly a different one, new or old, than the last read at any process. The write of a process that crashes overlaps
 * everything after it, so some reads return its value forever.
 */
export const adversarialRegularRegister = (process: SimulatedProcess) =>
  adversarialPort(
    process,
    RegularRegister,
    () => new History(),
    (me, all) => ({
      read: () => {
        const candidates = all.beginRead()
        me.late(() => {
          const others = candidates.filter((write) => write !== all.lastRead)
          const read = me.random.pick(others.length > 0 && me.random.chance(80) ? others : candidates)
          all.endRead(candidates, read)
          me.indicate.readReturn(read.value)
        })
        me.countSends()
      },
      write: (value) => {
        const write = { value }
        const isServed = all.writer.isOf(me.self)
        if (isServed) all.beginWrite(write)
        me.late(() => {
          if (isServed) all.endWrite(write)
          me.indicate.writeReturn()
        })
        me.countSends()
      },
    }),
  )
