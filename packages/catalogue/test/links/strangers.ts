import { perfectPointToPointLinks, stubbornPointToPointLinks } from '@upon/compliance'
import {
  algorithm,
  FairLossPointToPointLinks,
  type Payload,
  PerfectPointToPointLinks,
  type ProcessId,
  StubbornPointToPointLinks,
  Timer,
} from '@upon/contract'
import { RetransmitForever } from '@upon/links'
import { stranger } from '../proofs/stranger'

const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const

/** Perfect links over stubborn ones: what is new is up to them. */
const perfect = (name: string, isNew: (seen: Set<string>, last: Map<ProcessId, number>, p: ProcessId, n: number, m: Payload) => boolean) =>
  algorithm(
    {
      name,
      implements: { pl: PerfectPointToPointLinks },
      uses: { sl: RetransmitForever.of<{ n: number; m: Payload }>() },
      assumes,
      state: () => ({ n: 0, seen: new Set<string>(), last: new Map<ProcessId, number>() }),
    },
    ({ pl, sl, state, upon }) => {
      upon(pl.send, (q, m) => sl.send(q, { n: ++state.n, m }))
      upon(sl.deliver, (p, { n, m }) => {
        if (isNew(state.seen, state.last, p, n, m)) pl.deliver(p, m)
      })
    },
  )

const remember = (seen: Set<string>, key: string) => !seen.has(key) && seen.add(key) !== undefined

const isLater = (last: Map<ProcessId, number>, p: ProcessId, n: number) => {
  if (n <= (last.get(p) ?? 0)) return false
  last.set(p, n)
  return true
}

/** Stubborn links that give up. */
const givesUp = algorithm(
  {
    name: 'gives-up',
    implements: { sl: StubbornPointToPointLinks },
    uses: { fll: FairLossPointToPointLinks.of<Payload>(), timer: Timer },
    assumes,
    state: () => ({ sent: [] as { q: ProcessId; m: Payload; left: number }[] }),
  },
  ({ sl, fll, timer, state, upon }) => {
    timer.start(100)
    upon(sl.send, (q, m) => {
      fll.send(q, m)
      state.sent.push({ q, m, left: 5 })
    })
    upon(timer.timeout, () => {
      state.sent = state.sent.filter(({ left }) => left > 0)
      for (const message of state.sent) {
        message.left -= 1
        fll.send(message.q, message.m)
      }
      timer.start(100)
    })
    upon(fll.deliver, (p, m) => sl.deliver(p, m))
  },
)

/** Takes nothing for something: a message that is 0 is none. */
const dropsZero = algorithm(
  { name: 'drops-zero', implements: { pl: PerfectPointToPointLinks }, uses: { below: PerfectPointToPointLinks.of<Payload>() }, assumes },
  ({ pl, below, upon }) => {
    upon(pl.send, (q, m) => below.send(q, m))
    upon(below.deliver, (p, m) => {
      if (m) pl.deliver(p, m)
    })
  },
)

export const links = [
  stranger(
    'PL1',
    'duplicates are known by what they say',
    perfectPointToPointLinks,
    perfect('by-payload', (seen, _, p, _n, m) => remember(seen, `${p} ${m}`)),
  ),
  stranger(
    'PL1',
    'what has come is shared by all senders',
    perfectPointToPointLinks,
    perfect('by-number', (seen, _, _p, n) => remember(seen, `${n}`)),
  ),
  stranger(
    'PL1',
    'what was overtaken passes for a duplicate',
    perfectPointToPointLinks,
    perfect('by-order', (_, last, p, n) => isLater(last, p, n)),
  ),
  stranger(
    'PL1',
    'after many messages the first ones are forgotten',
    perfectPointToPointLinks,
    perfect('by-few', (seen, _, p, n) => seen.size < 20 && remember(seen, `${p} ${n}`)),
  ),
  stranger('PL1', 'a message that is 0 is taken for none', perfectPointToPointLinks, dropsZero),
  stranger('SL1', 'a message is sent again a few times only', stubbornPointToPointLinks, givesUp),
]
