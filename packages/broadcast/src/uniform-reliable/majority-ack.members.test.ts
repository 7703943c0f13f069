import {
  type Abstraction,
  abstraction,
  algorithm,
  type Indication,
  increasing,
  type Module,
  PerfectPointToPointLinks,
  type ProcessId,
  type Request,
  type Transport,
} from '@upon/contract'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'
import { MajorityAckUniformReliableBroadcast } from './majority-ack'

/** A broadcast among members that change: one instance for each configuration. */
interface Configured extends Module {
  readonly guarantees: { readonly configured: true }
  readonly configure: Request<[id: number, members: readonly ProcessId[]]>
  readonly broadcast: Request<[id: number, m: string]>
  readonly deliver: Indication<[id: number, p: ProcessId, m: string]>
}
const Configured: Abstraction<Configured> = abstraction<Configured>({
  name: 'Configured',
  instance: 'c',
  requests: { configure: ['id', 'members'], broadcast: ['id', 'm'] },
  indications: { deliver: ['id', 'p', 'm'] },
  properties: {},
})

const InConfigurations = algorithm(
  {
    name: 'in-configurations',
    implements: { c: Configured },
    uses: { urb: increasing(MajorityAckUniformReliableBroadcast.of<string>()) },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
  },
  ({ c, urb, upon }) => {
    upon(c.configure, (id, members) => urb.create(id, undefined, members))
    upon(c.broadcast, (id, m) => urb.broadcast(id, m))
    upon(urb.deliver, (id, p, m) => c.deliver(id, p, m))
  },
)

const ALL = ['p1', 'p2', 'p3', 'p4', 'p5']

/** Messages are in transit until the test lets them arrive. */
function system() {
  const receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  let inTransit: { from: ProcessId; to: ProcessId; arrive: () => void }[] = []
  let sends = 0
  const members = ALL.map((self) => {
    const links: Transport<PerfectPointToPointLinks> = {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => void inTransit.push({ from: self, to, arrive: () => receivers.get(to)?.(self, path, message) }),
      attach: (receive) => void receivers.set(self, receive),
    }
    const process = new Process({
      self,
      processes: ALL,
      supply: [links],
      observe: ({ event, direction }) => {
        if (event === 'send' && direction === 'request') sends++
      },
    })
    const c = process.run(InConfigurations)
    const delivered: string[] = []
    process.upon(c.deliver, (id, p, m) => void delivered.push(`${id} ${p} ${m}`))
    return { configure: c.configure, broadcast: c.broadcast, delivered, process }
  })
  const arrive = (which: (m: { from: ProcessId; to: ProcessId }) => boolean = () => true) => {
    for (let next = inTransit.find(which); next !== undefined; next = inTransit.find(which)) {
      inTransit = inTransit.filter((each) => each !== next)
      next.arrive()
    }
  }
  const sent = () => {
    const count = sends
    sends = 0
    return count
  }
  type Member = (typeof members)[number]
  return { members: members as [Member, Member, Member, Member, Member], arrive, sent }
}

it('a majority is one of the members: 2 of 3 among five processes, with 9 messages; then 3 of 5, with 25; who is late misses nothing', () => {
  const { members, arrive, sent } = system()
  const [p1, p2, p3, p4, p5] = members
  for (const each of [p1, p2, p3]) each.configure(1, ['p1', 'p2', 'p3'])
  p1.broadcast(1, 'one')
  arrive(({ to }) => to !== 'p3')
  expect(members.map(({ delivered }) => delivered)).toEqual([['1 p1 one'], ['1 p1 one'], [], [], []]) // a majority without p3
  arrive()
  expect(sent()).toBe(9)
  expect([p3.delivered, p4.delivered, p5.delivered]).toEqual([['1 p1 one'], [], []])

  for (const each of [p1, p2, p4]) each.configure(2, ALL)
  p4.broadcast(2, 'two')
  arrive(({ from, to }) => from === 'p4' || to === 'p5' || to === 'p3')
  arrive(({ from, to }) => from === 'p1' && to === 'p2')
  expect([p1, p2, p4].map(({ delivered }) => delivered.at(-1))).toEqual(['1 p1 one', '2 p4 two', undefined]) // p4, p1 and p2 are three
  arrive()
  expect([p3.delivered, p5.delivered]).toEqual([['1 p1 one'], []])
  expect(p5.process.counters.held).toBeGreaterThan(0)
  p3.configure(2, ALL)
  p5.configure(2, ALL)
  arrive()
  expect(members.map(({ delivered }) => delivered.at(-1))).toEqual(new Array(5).fill('2 p4 two'))
  expect(sent()).toBe(25)
})
