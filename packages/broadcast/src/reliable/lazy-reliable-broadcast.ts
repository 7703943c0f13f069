import { algorithm, type Payload, type ProcessId, ReliableBroadcast, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'
import { BasicBroadcast } from '../best-effort/basic-broadcast'
import { add, type MessageIds } from '../message-ids'

type Data = { kind: 'DATA'; s: ProcessId; sn: number; m: Payload }

/**
 * Lazy reliable broadcast: relays the messages of a process only after it has crashed.
 *
 * - Implements: ReliableBroadcast (rb)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes. Agreement needs the completeness of the detector; its accuracy only saves
 *   messages
 * - Cost: 1 step, N messages; for each message of a crashed process, N more at each process that relays it: up to N² messages and N steps
 * - Memory: all messages of a process until it crashes, because no event says when every process has them; then the numbers of the
 *   delivered messages (one number, and the numbers above a gap)
 * - Source: Algorithm 3.2, page 78
 * - Departs from the text: sender and number identify a message, not its content. from[p] is dropped
 *   after it has been relayed; the filter for duplicates is separate from it
 */
export const LazyReliableBroadcast = algorithm(
  {
    name: 'lazy-reliable-broadcast',
    implements: { rb: ReliableBroadcast },
    uses: { beb: BasicBroadcast.of<Data>(), pfd: shared(ExcludeOnTimeout) },
    assumes: { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' },
    state: ({ processes }) => ({
      broadcasts: 0,
      correct: new Set(processes),
      from: new Map<ProcessId, Data[]>(processes.map((p) => [p, []])),
      delivered: new Map() as MessageIds,
    }),
  },
  ({ rb, beb, pfd, state, self, upon }) => {
    upon(rb.broadcast, (m) => {
      state.broadcasts += 1
      beb.broadcast({ kind: 'DATA', s: self, sn: state.broadcasts, m })
    })

    upon(beb.deliver, 'DATA', (_p, data) => {
      const { s, sn, m } = data
      if (!add(state.delivered, s, sn)) return
      rb.deliver(s, m)
      if (state.correct.has(s)) state.from.get(s)?.push(data)
      else beb.broadcast(data)
    })

    upon(pfd.crash, (p) => {
      state.correct.delete(p)
      for (const data of state.from.get(p) ?? []) beb.broadcast(data)
      state.from.delete(p)
    })
  },
)
