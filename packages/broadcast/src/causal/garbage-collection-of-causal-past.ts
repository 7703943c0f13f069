import { algorithm, CausalOrderReliableBroadcast, type Payload, type ProcessId, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'
import { add, has, type MessageIds } from '../message-ids'
import { LazyReliableBroadcast } from '../reliable/lazy-reliable-broadcast'

type Id = { readonly s: ProcessId; readonly sn: number }
type Numbered = Id & { readonly m: Payload }
export type Message = { kind: 'DATA'; past: readonly Numbered[]; message: Numbered } | { kind: 'ACK'; of: Id }
type Acknowledged = { readonly of: Id; readonly by: Set<ProcessId> }

const keyOf = ({ s, sn }: Id) => `${s} ${sn}`

/**
 * Garbage collection of the causal past: no-waiting causal broadcast in which all processes acknowledge what they deliver. A message that
 * all processes have delivered leaves the past.
 *
 * - Implements: CausalOrderReliableBroadcast (crb)
 * - Uses: ReliableBroadcast (rb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes. The order rests on the detector's accuracy; its completeness serves the collection only
 * - Cost: 1 step; a broadcast for each message and each acknowledgement: over lazy reliable broadcast N + N² messages. A message is as long
 *   as those before it that are not acknowledged by all
 * - Memory: the messages that are not acknowledged by all yet, and the numbers of the others: one for each process, and those above a gap
 * - Source: Algorithm 3.14, page 107, which extends Algorithm 3.13, page 105
 * - Departs from the text: as no-waiting causal broadcast does; an acknowledgement names a message by its sender and number; those of a
 *   message are dropped with it, which is why `collected` is kept; whether all have acknowledged is asked where that may have changed
 */
export const GarbageCollectionOfCausalPast = algorithm(
  {
    name: 'garbage-collection-of-causal-past',
    implements: { crb: CausalOrderReliableBroadcast },
    uses: { rb: LazyReliableBroadcast.of<Message>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      lsn: 0,
      delivered: new Map() as MessageIds,
      past: new Map<string, Numbered>(),
      correct: new Set(processes),
      ack: new Map<string, Acknowledged>(),
      collected: new Map() as MessageIds,
    }),
  },
  ({ crb, rb, pfd, state, self, upon }) => {
    const deliver = (message: Numbered) => {
      const { s, sn, m } = message
      if (!add(state.delivered, s, sn)) return
      if (s !== self) state.past.set(keyOf(message), message)
      crb.deliver(s, m)
      rb.broadcast({ kind: 'ACK', of: { s, sn } })
    }

    const collectIfDelivered = ({ of, by }: Acknowledged) => {
      for (const p of state.correct) if (!by.has(p)) return
      state.past.delete(keyOf(of))
      state.ack.delete(keyOf(of))
      add(state.collected, of.s, of.sn)
    }

    upon(crb.broadcast, (m) => {
      state.lsn += 1
      const message = { s: self, sn: state.lsn, m }
      rb.broadcast({ kind: 'DATA', past: [...state.past.values()], message })
      state.past.set(keyOf(message), message)
    })

    upon(rb.deliver, 'DATA', (_p, { past, message }) => {
      for (const before of past) deliver(before)
      deliver(message)
    })

    upon(rb.deliver, 'ACK', (p, { of }) => {
      if (has(state.collected, of.s, of.sn)) return
      const acknowledged = state.ack.get(keyOf(of)) ?? { of, by: new Set() }
      state.ack.set(keyOf(of), acknowledged)
      acknowledged.by.add(p)
      collectIfDelivered(acknowledged)
    })

    upon(pfd.crash, (p) => {
      state.correct.delete(p)
      for (const acknowledged of state.ack.values()) collectIfDelivered(acknowledged)
    })
  },
)
