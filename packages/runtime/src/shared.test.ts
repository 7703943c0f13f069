import { type Abstraction, abstraction, algorithm, many, shared } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, hostStep, Relay, Step } from '../test/modules'
import { Process } from './index'

/** A step whose last answer holds. */
const Saying: Abstraction<Step> = abstraction<Step>({
  name: 'Saying',
  instance: 'saying',
  requests: { ask: ['m'] },
  indications: { answer: ['m'] },
  lasting: { answer: 'latest' },
  properties: {},
})

/** Tells all its users whatever the host's port says. */
const Teller = algorithm({ name: 'teller', implements: { step: Saying }, uses: { host: Step }, assumes }, ({ step, host, upon }) => {
  step.answer('nothing' as never)
  upon(step.ask, (m) => host.ask(m as never))
  upon(host.answer, (m) => step.answer(m as never))
})

const User = algorithm(
  { name: 'user', implements: { step: Step }, uses: { teller: shared(Teller) }, assumes },
  ({ step, teller, upon }) => {
    upon(step.ask, (m) => teller.ask(m as never))
    upon(teller.answer, (m) => step.answer(m as never))
  },
)

/** Makes a user `user[x]` for each 'x' it is asked, and ends it for '-x'. */
const Users = algorithm({ name: 'users', implements: { step: Step }, uses: { user: many(User) }, assumes }, ({ step, user, upon }) => {
  upon(step.ask, (m) => {
    const index = m as unknown as string
    if (index.startsWith('-')) user.dispose(index.slice(1))
    else user.create(index)
  })
  upon(user.answer, (index, m) => step.answer(`${index}: ${m as unknown}` as never))
})

function system() {
  const host = hostStep()
  const process = new Process({ self: 'p', processes: ['p'], supply: [host.port] })
  const users = process.run(Users.of<string>(), 'users')
  const seen: string[] = []
  process.upon(users.answer, (m) => seen.push(m))
  const indicated = () => seen.splice(0)
  return { ...host, process, users, indicated }
}

describe('a shared instance', () => {
  it('is one for all its users in the process, and stands at the root', () => {
    const { users, process, opened } = system()
    users.ask('a')
    users.ask('b')
    expect(Object.keys(process.snapshot()).sort()).toEqual(['teller', 'teller.host', 'users', 'users.user[a]', 'users.user[b]'])
    expect(opened).toEqual(['teller.host'])
  })

  it('tells all its users, and one that joins, alone, what holds', () => {
    const { users, answer, indicated } = system()
    users.ask('a')
    expect(indicated()).toEqual(['a: nothing'])
    answer(1)
    expect(indicated()).toEqual(['a: 1'])
    users.ask('b')
    expect(indicated()).toEqual(['b: 1'])
    answer(2)
    expect(indicated()).toEqual(['a: 2', 'b: 2'])
  })

  it('tells a user that has ended nothing more, not even what was queued, and goes on for the others', () => {
    const { users, answer, indicated, closed } = system()
    for (const name of ['a', 'b', '-a']) users.ask(name)
    indicated()
    answer(1)
    expect(indicated()).toEqual(['b: 1'])
    users.ask('-b')
    answer(2)
    expect(indicated()).toEqual([])
    expect(closed).toEqual([]) // it outlives its users
    users.ask('c')
    expect(indicated()).toEqual(['c: 2'])
  })

  it('runs from the start, also where only members of families will use it: so it answers those that have a member already', () => {
    const { process } = system()
    expect(Object.keys(process.snapshot())).toContain('teller')
  })

  it('does not remember the users that came and went', () => {
    const { users, answer, process, indicated } = system()
    for (let i = 0; i < 1000; i++) {
      users.ask(`u${i}`)
      users.ask(`-u${i}`)
    }
    indicated()
    const before = process.counters.events
    answer(1)
    expect(process.counters.events - before).toBe(1)
  })

  it('is another one for another layer, which needs a name of its own: no path depends on who came first', () => {
    const { process } = system()
    process.run(User, 'x')
    const Other = Teller.over({ host: Relay })
    expect(() => process.run(User.over({ teller: Other }), 'y')).toThrow('y: there is already an instance teller, of another layer')
    process.run(User.over({ teller: shared(Other, 'other') }), 'y')
    process.run(User.over({ teller: shared(Teller.over({ host: Relay }), 'other') }), 'z')
    expect(Object.keys(process.snapshot()).filter((path) => !path.includes('.'))).toEqual(['users', 'teller', 'x', 'y', 'other', 'z'])
  })

  it('is one for layers that are equal, settings and layers below and all, however often they are written', () => {
    const process = new Process({ self: 'p', processes: ['p'] })
    const Timed = algorithm(
      { name: 'timed', implements: { step: Step }, uses: { below: Relay }, assumes, options: { delayMs: 1, list: [1, { a: 2 }] } },
      () => {},
    )
    const written = () =>
      User.over({ teller: Timed.over({ below: Relay.over({ below: Relay }) }).with({ delayMs: 50, list: [1, { a: 2 }] }) })
    process.run(written(), 'x')
    process.run(written(), 'y')
    expect(Object.keys(process.snapshot()).filter((path) => !path.includes('.'))).toEqual(['x', 'teller', 'y'])
    const others = [
      Timed,
      Timed.over({ below: Relay.over({ below: Relay }) }),
      Timed.with({ delayMs: 50, list: [1, { a: 2 }] }),
      Timed.over({ below: Relay.over({ below: Relay }) }).with({ delayMs: 50, list: [1, { a: 3 }] }),
    ]
    for (const other of others)
      expect(() => process.run(User.over({ teller: other }), 'z')).toThrow(expect.objectContaining({ code: 'UPON_MISUSE' }))
  })

  it('has no path of its own where another instance has it, whichever came first', () => {
    const make = (...steps: ((process: Process) => unknown)[]) => {
      const process = new Process({ self: 'p', processes: ['p'], supply: [hostStep().port] as never })
      for (const step of steps) step(process)
    }
    const run = (process: Process) => process.run(Relay, 'teller')
    const share = (process: Process) => process.run(User as never, 'x')
    expect(() => make(run, share)).toThrow('there is already an instance teller')
    expect(() => make(share, run)).toThrow('there is already an instance teller')
  })

  it('is not made of a port: the host has it opened for each user', () => {
    const teller = hostStep()
    const process = new Process({ self: 'p', processes: ['p'] })
    const users = process.run(Users.over({ user: User.over({ teller: teller.port }) }).of<string>(), 'users')
    users.ask('a')
    users.ask('b')
    expect(teller.opened).toEqual(['users.user[a].teller', 'users.user[b].teller'])
  })
})
