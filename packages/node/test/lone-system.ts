import { decode, type Message, type Type, type Unwrapped, unwrap } from '@upon/protocol'
import { NameBudget } from '../src/limits'
import { silentLog } from '../src/log'
import { type Member, Members } from '../src/members'
import { System } from '../src/system'
import type { SystemOptions } from '../src/system-options'

/** One process, abc-1, of a system of three, without a network: the test says what comes, and sees what is sent and reported. */
export function loneSystem(options: Partial<SystemOptions> = {}, ranks: readonly number[] = [1, 2, 3]) {
  const list = ranks.map((rank, i) => ({ host: '127.0.0.1', port: 5_001 + i, owner: 'abc', index: i + 1, rank }))
  const members = new Members(list, { owner: 'abc', index: 1, address: { host: '127.0.0.1', port: 5_001 } })
  const sent: (Unwrapped & { readonly receiver: string })[] = []
  const reported: unknown[][] = []
  const system = new System({
    id: 'sys-1',
    members,
    wires: {
      marked: true,
      send: ({ id }, body) => void sent.push({ ...unwrap(decode(body)), receiver: id }),
      isOurs: () => true,
    },
    reports: {
      delivered: (value) => void reported.push(['delivered', value]),
      writeReturned: (register) => void reported.push(['written', register]),
      readReturned: (register, value) => void reported.push(['read', register, value]),
      decided: (topic, value) => void reported.push(['decided', topic, value]),
    },
    log: silentLog,
    budgets: { registers: new NameBudget('register'), topics: new NameBudget('topic') },
    refuse: () => {},
    delayMs: 100,
    onCrash: (error) => {
      throw error
    },
    ...options,
  })
  const [first, second, third] = members.all as [Member, Member, Member]
  return {
    system,
    sent,
    reported,
    first,
    second,
    third,
    hear: (from: Member, to: string, message: Message) => system.receive(from, to, message),
    /** What was sent to a process of a type, and is looked at no more. */
    take: (receiver: Member, type: Type) => {
      const found = sent.filter((m) => m.receiver === receiver.id && m.inner.type === type)
      for (const message of found) sent.splice(sent.indexOf(message), 1)
      return found
    },
  }
}
