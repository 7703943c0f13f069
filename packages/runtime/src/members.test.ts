import { algorithm, increasing, increasingEach, type Payload, PerfectPointToPointLinks, type ProcessId, shared } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, handLinks, Step } from '../test/modules'
import { Process } from './index'

const processes = ['p1', 'p2', 'p3', 'p4', 'p5']

/** Says who is there, and hears what its members say. */
const Member = algorithm(
  {
    name: 'member',
    implements: { step: Step },
    uses: {
      pl: PerfectPointToPointLinks.of<string>(),
      once: shared(
        algorithm({ name: 'once', implements: { step: Step }, uses: {}, assumes }, ({ step, processes, upon }) => {
          upon(step.ask, () => step.answer(`once ${processes}` as never))
        }),
      ),
    },
    assumes: { ...assumes, resilience: 'f < N/2' },
  },
  ({ step, pl, once, processes, rank, self, f, l0, upon }) => {
    upon(step.ask, () => {
      step.answer(`${self}=${rank(self)} of ${processes}, f=${f}, l0=${l0}` as never)
      once.ask('' as never)
    })
    upon(once.answer, (m) => step.answer(m as never))
    upon(pl.deliver, (p, m) => step.answer(`${p} says ${m}` as never))
  },
)

const Configurations = algorithm(
  { name: 'configurations', implements: { step: Step }, uses: { c: increasing(Member) }, assumes },
  ({ step, c, upon }) => {
    upon(step.ask, (m) => {
      const [index, members] = m as unknown as [number, readonly ProcessId[] | undefined]
      c.create(index, undefined, members)
      c.ask(index, '' as never as Payload)
    })
    upon(c.answer, (index, m) => step.answer(`${index}: ${m as unknown}` as never))
  },
)

function started(options: { readonly f?: number } = {}) {
  const links = handLinks()
  const process = new Process({ self: 'p2', processes, supply: [links.transport], ...options })
  const step = process.run(Configurations.of<unknown>(), 'c')
  const seen: unknown[] = []
  process.upon(step.answer, (m) => seen.push(m))
  return { links, process, step, seen, indicated: () => seen.splice(0) }
}

describe('an instance with members of its own', () => {
  it('has them for Π, and all below it; rank stays, f and l0 follow; shared layers serve its members', () => {
    const { step, indicated, process } = started()
    step.ask([1, ['p3', 'p2', 'p1']])
    expect(indicated()).toEqual(['1: p2=2 of p1,p2,p3, f=1, l0=p3', '1: once p1,p2,p3'])
    step.ask([2, undefined])
    expect(indicated()).toEqual(['2: p2=2 of p1,p2,p3,p4,p5, f=2, l0=p5', '2: once p1,p2,p3,p4,p5'])
    expect(Object.keys(process.snapshot())).toEqual(expect.arrayContaining(['c.c[1].once', 'once']))
  })

  it('takes no message of others', () => {
    const { step, indicated, links, process } = started()
    step.ask([1, ['p1', 'p2']])
    indicated()
    links.receive('p1', 'c.c[1].pl', 'hello')
    links.receive('p4', 'c.c[1].pl', 'hello')
    expect(indicated()).toEqual(['1: p1 says hello'])
    expect(process.counters.malformed).toBe(1)
  })

  it('takes the messages that were kept for it: a process that is late misses nothing', () => {
    const { step, indicated, links } = started()
    links.receive('p1', 'c.c[3].pl', 'early')
    step.ask([3, ['p1', 'p2']])
    expect(indicated()).toContain('3: p1 says early')
  })

  it('bears no more faults than its members do, whatever the host says of the system', () => {
    const { step, indicated } = started({ f: 2 })
    step.ask([1, ['p1', 'p2', 'p3']])
    expect(indicated()[0]).toContain('f=1')
  })

  it.each([
    ['none of the processes', ['p2', 'x'], 'members: x is not among p1, p2, p3, p4, p5'],
    ['others only', ['p1', 'p3'], 'members: p2 is not among them'],
    ['no list', 'p2', "members: expected a list of processes, found the text 'p2'"],
  ])('is refused with %s', (_, members, why) => {
    const { step } = started()
    expect(() => step.ask([1, members])).toThrow(why)
  })
})

describe('a family with an index of two parts', () => {
  const Leaf = algorithm(
    { name: 'leaf', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks.of<string>() }, assumes },
    (context) => {
      context.upon(context.pl.deliver, (_p, m) => context.step.answer(m as never))
    },
  )
  const Each = algorithm({ name: 'each', implements: { step: Step }, uses: { t: increasingEach(Leaf) }, assumes }, ({ step, t, upon }) => {
    upon(step.ask, (m) => {
      const [what, ...index] = m as unknown as ['create' | 'dispose', number, string]
      t[what](index)
    })
    upon(t.answer, ([vid, p], m) => step.answer(`${vid} ${p} ${m as unknown}` as never))
  })
  const system = () => {
    const links = handLinks()
    const process = new Process({ self: 'p2', processes, supply: [links.transport] })
    const step = process.run(Each.of<unknown>(), 'vs')
    const seen: unknown[] = []
    process.upon(step.answer, (m) => seen.push(m))
    return { links, step, process, indicated: () => seen.splice(0) }
  }

  it('has both in its paths, and hands both over', () => {
    const { links, step, indicated } = system()
    links.receive('p1', 'vs.t[3][p1].pl', 'early')
    step.ask(['create', 3, 'p1'])
    step.ask(['create', 3, 'p2'])
    links.receive('p1', 'vs.t[3][p2].pl', 'in time')
    expect(indicated()).toEqual(['3 p1 early', '3 p2 in time'])
  })

  it('drops messages for a member that no longer exists and for numbers that are past, and keeps those for members to come', () => {
    const { links, step, process, indicated } = system()
    step.ask(['create', 3, 'p1'])
    step.ask(['create', 3, 'p2'])
    step.ask(['dispose', 3, 'p1'])
    links.receive('p1', 'vs.t[3][p1].pl', 'late')
    links.receive('p1', 'vs.t[2][p9].pl', 'late')
    expect(process.counters).toMatchObject({ late: 2, held: 0 })
    links.receive('p1', 'vs.t[3][p4].pl', 'early')
    links.receive('p1', 'vs.t[4][p1].pl', 'early')
    expect(process.counters).toMatchObject({ late: 2, held: 2 })
    links.receive('p1', 'vs.t[3][p2].pl', 'now')
    step.ask(['create', 4, 'p1'])
    expect(indicated()).toEqual(['3 p2 now', '4 p1 early'])
    expect(process.counters).toMatchObject({ late: 3, held: 0 })
    expect(() => step.ask(['create', 3, 'p7'])).toThrow(
      'instances of this family are made in increasing order; the lowest possible is now 4',
    )
  })
})
