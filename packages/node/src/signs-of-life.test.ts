import { Type } from '@upon/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { NameBudget } from './limits'
import { silentLog } from './log'
import { type Member, Members } from './members'
import { System } from './system'

const DELAY_MS = 100

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A system of three with an undecided topic, whose others answer no heartbeats; tells whom it suspects. */
function unanswered() {
  const made = idle()
  made.system.propose('t', 1)
  return made
}

/** One that has no topic yet, and so no detector. */
function idle() {
  const list = [1, 2, 3].map((index) => ({ host: '127.0.0.1', port: 5_000 + index, owner: 'abc', index, rank: index }))
  const members = new Members(list, { owner: 'abc', index: 1, address: { host: '127.0.0.1', port: 5_001 } })
  const suspected: unknown[] = []
  const none = () => {}
  const system = new System({
    id: 'sys-1',
    members,
    wires: { marked: true, send: none, isOurs: () => true },
    reports: { delivered: none, writeReturned: none, readReturned: none, decided: none },
    log: silentLog,
    budgets: { registers: new NameBudget('register'), topics: new NameBudget('topic') },
    refuse: none,
    delayMs: DELAY_MS,
    observe: ({ path, event, attributes }) => {
      if (path === 'eld.epfd' && event === 'suspect') suspected.push(attributes[0])
      if (path === 'eld.epfd' && event === 'restore') suspected.splice(suspected.indexOf(attributes[0]), 1)
    },
    onCrash: (error) => {
      throw error
    },
  })
  return { system, suspected, second: members.get('abc-2') as Member }
}

const read = { type: Type.NNAR_INTERNAL_READ, nnarInternalRead: { readId: 1 } }

function periods(count: number, each: () => void) {
  for (let i = 0; i < count; i++) {
    each()
    vi.advanceTimersByTime(DELAY_MS)
  }
}

it('who takes part is not suspected, though its answers to heartbeats do not come; who is silent is', () => {
  const { system, suspected, second } = unanswered()
  periods(10, () => system.receive(second, 'app.nnar[x].beb.pl', read))
  expect(suspected).toEqual(['abc-3'])
  periods(2, () => {})
  expect(suspected).toEqual(['abc-3', 'abc-2'])
})

it('who only asks for heartbeats is suspected: it may be one that we do not reach', () => {
  const { system, suspected, second } = unanswered()
  periods(10, () =>
    system.receive(second, 'eld.epfd.wake.pl', { type: Type.EPFD_INTERNAL_HEARTBEAT_REQUEST, epfdInternalHeartbeatRequest: {} }),
  )
  expect(suspected).toEqual(['abc-2', 'abc-3'])
})

it('what a process sent before it was gone does not bring it back; its answer to a heartbeat does', () => {
  const { system, suspected, second } = unanswered()
  system.peerRefused(second)
  periods(3, () => system.receive(second, 'app.nnar[x].beb.pl', read))
  expect(suspected).toContain('abc-2')
  periods(3, () => system.receive(second, 'eld.epfd.pl', { type: Type.EPFD_INTERNAL_HEARTBEAT_REPLY, epfdInternalHeartbeatReply: {} }))
  expect(suspected).toEqual(['abc-3'])
})

it('a process that was too busy to be on time reads what came meanwhile before it suspects anybody', () => {
  const { system, suspected, second } = unanswered()
  vi.advanceTimersByTime(DELAY_MS)
  vi.spyOn(performance, 'now').mockReturnValueOnce(performance.now() + 3 * DELAY_MS) // the timer expires, 200 ms late
  vi.advanceTimersByTime(DELAY_MS)
  expect(suspected).toEqual([])
  system.receive(second, 'app.nnar[x].beb.pl', read)
  vi.advanceTimersByTime(DELAY_MS)
  expect(suspected).toEqual(['abc-3'])
})

it('whose connections are refused is suspected at once, topics or none', () => {
  const { system, suspected, second } = idle()
  system.peerRefused(second)
  expect(suspected).toEqual(['abc-2'])
})

it('nor does what was heard of it just before', () => {
  const { system, suspected, second } = unanswered()
  system.receive(second, 'app.nnar[x].beb.pl', read)
  system.peerRefused(second)
  periods(3, () => expect(suspected).toContain('abc-2'))
})
