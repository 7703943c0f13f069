import { algorithm, MessageCapacity, type Payload, PerfectPointToPointLinks, type Transport, Turn } from '@upon/contract'
import { expect, it } from 'vitest'
import { assumes, handLinks, Step } from '../test/modules'
import { Process, systemTurn } from './index'

const processes = ['p', 'q']

/** Gathers what a turn brings, and sends it to q in as few messages as hold it. */
const Batching = algorithm(
  {
    name: 'batching',
    implements: { step: Step },
    uses: { pl: PerfectPointToPointLinks.of<readonly Payload[]>(), turn: Turn, capacity: MessageCapacity.of<readonly Payload[]>() },
    assumes,
    state: () => ({ batch: [] as readonly Payload[] }),
  },
  ({ step, pl, turn, capacity, state, upon }) => {
    const send = () => {
      pl.send('q', state.batch)
      state.batch = []
    }

    upon(step.ask, (m) => {
      if (!capacity.fits([...state.batch, m])) send()
      state.batch = [...state.batch, m]
      turn.awaitEnd()
    })

    upon(turn.end, send)
  },
)

/** Links that carry lists of at most three. */
function narrowLinks() {
  const links = handLinks()
  const check = (value: unknown) => {
    if (typeof value === 'symbol') throw new TypeError('a symbol cannot travel')
    if (Array.isArray(value) && value.length > 3) throw new RangeError('too long')
  }
  return { ...links, transport: { ...links.transport, check } satisfies Transport<PerfectPointToPointLinks> }
}

/** After the microtasks that wait already. */
const endOfTurn = () => new Promise<void>((resolve) => queueMicrotask(resolve))

it('TRN1 end: a turn ends once, after all that came in it, however often its end was requested; and so does the next one', async () => {
  const { transport, sent } = narrowLinks()
  const process = new Process({ self: 'p', processes, supply: [transport, systemTurn] })
  const step = process.run(Batching.of<number>())
  step.ask(1)
  step.ask(2)
  expect(sent).toEqual([])
  await endOfTurn()
  step.ask(3)
  await endOfTurn()
  expect(sent.map(({ message }) => message)).toEqual([[1, 2], [3]])
})

it('an instance that no longer exists gets no end of a turn', async () => {
  const { transport, sent } = narrowLinks()
  const process = new Process({ self: 'p', processes, supply: [transport, systemTurn] })
  process.run(Batching.of<number>()).ask(1)
  process.stop()
  await endOfTurn()
  expect(sent).toEqual([])
})

it('CAP1 fit: a transport says by itself how much fits into a message, and what fits can be sent', async () => {
  const { transport, sent } = narrowLinks()
  const process = new Process({ self: 'p', processes, supply: [transport, systemTurn] })
  const step = process.run(Batching.of<number>())
  for (let m = 1; m <= 7; m++) step.ask(m)
  await endOfTurn()
  expect(sent.map(({ message }) => message)).toEqual([[1, 2, 3], [4, 5, 6], [7]])
  const { fits } = process.run(MessageCapacity)
  expect([fits([1, 2, 3]), fits([1, 2, 3, 4])]).toEqual([true, false])
  expect(() => fits(Symbol('none'))).toThrow('cannot travel')
})

it('everything fits where a transport has no limit; a host may know better; without a transport nothing says what fits', () => {
  const { transport } = handLinks()
  expect(new Process({ self: 'p', processes, supply: [transport] }).run(MessageCapacity).fits('x')).toBe(true)
  const tight = { sort: 'port', abstraction: MessageCapacity, open: () => ({ upon: { fits: () => false } }) } as const
  expect(new Process({ self: 'p', processes, supply: [tight, transport] }).run(MessageCapacity).fits('x')).toBe(false)
  const alone = new Process({ self: 'p', processes })
  // @ts-expect-error nothing supplies it
  expect(() => alone.run(MessageCapacity)).toThrow('nothing gives MessageCapacity')
})
