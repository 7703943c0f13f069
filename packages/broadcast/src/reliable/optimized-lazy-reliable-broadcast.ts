import { algorithm, type Payload, type ProcessId, ReliableBroadcast, shared } from '@upon/contract'
import { ExcludeOnTimeout } from '@upon/fd'
import { BasicBroadcast } from '../best-effort/basic-broadcast'
import { add, type MessageIds } from '../message-ids'

type Data = { kind: 'DATA'; s: ProcessId; sn: number; m: Payload }

/**
 * Lazy reliable broadcast with a simple optimization: a process delivers its own messages at once, before it sends them.
 *
 * - Implements: ReliableBroadcast (rb)
 * - Uses: BestEffortBroadcast (beb), PerfectFailureDetector (pfd, shared)
 * - Assumes: fail-stop; any number of crashes. Agreement rests on the detector's completeness; its accuracy saves messages only
 * - Cost: 1 step, N messages, and no step at the sender; for each message of a process that crashes, N more at each process that relays it:
 *   up to N² and N steps
 * - Memory: all messages of other processes until these crash, for nobody says when everybody has them; then the numbers of those delivered
 *   (one number, and those above a gap)
 * - Source: Algorithm 3.21, page 126, which changes Algorithm 3.2, page 78
 * - Departs from the text: as lazy reliable broadcast does. The text notes the own message in a variable that its algorithm does not have;
 *   here it counts as delivered from its broadcast on
 */
export const OptimizedLazyReliableBroadcast = algorithm(
  {
    name: 'optimized-lazy-reliable-broadcast',
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
      add(state.delivered, self, state.broadcasts)
      rb.deliver(self, m)
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
