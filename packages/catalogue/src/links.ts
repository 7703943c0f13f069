import {
  atLeastOncePointToPointLinks,
  fifoPerfectPointToPointLinks,
  perfectPointToPointLinks,
  type Sending,
  stubbornPointToPointLinks,
} from '@upon/compliance'
import type { ProcessId } from '@upon/contract'
import { EliminateDuplicates, RetransmitForever, RetransmitUntilAcknowledged, SequenceNumber } from '@upon/links'
import { crash, type Run } from '@upon/simulator'
import { type Entry, entry } from './entry'

const one = ([p = '', q = '']: readonly ProcessId[]) => [{ process: p, afterMs: 0, operation: { to: q, m: 1 } satisfies Sending }]

const costs = [{ of: 'a message', operations: one, steps: 1, messages: '2' }]
const systems = [
  { processes: 2, timeouts: 2, losses: 1, repeats: 1 },
  { processes: 2, crashes: 1, timeouts: 1, losses: 1 },
]
/** The acknowledgements are messages, too, and may be lost or repeated. */
const small = [
  { processes: 2, timeouts: 1, losses: 1, repeats: 1 },
  { processes: 2, crashes: 1, timeouts: 1, losses: 1 },
]
const isLossy = ({ trace }: Run) => trace.entries.some(({ type }) => type === 'loss')
const isRepeating = ({ trace }: Run) => trace.entries.some(({ type }) => type === 'duplicate')
const sometimes = { 'a message was lost': isLossy, 'a message was repeated': isRepeating }

export const links: readonly Entry[] = [
  entry(stubbornPointToPointLinks, RetransmitForever, { systems, sometimes }),
  // a small window, which few messages fill
  entry(atLeastOncePointToPointLinks, RetransmitUntilAcknowledged.with({ window: 4 }), { costs, systems: small, sometimes }),
  entry(perfectPointToPointLinks, EliminateDuplicates, { costs, systems, sometimes }),
  entry(perfectPointToPointLinks, EliminateDuplicates.over({ alo: RetransmitForever }), {
    name: 'eliminate-duplicates-over-retransmit-forever',
    systems,
    sometimes,
  }),
  entry(fifoPerfectPointToPointLinks, SequenceNumber, {
    costs: [{ of: 'a message', operations: one, steps: 1, messages: '1' }],
    systems: [{ processes: 2, crashes: 1 }],
    faults: [crash('p1').afterSends(1)],
  }),
]
