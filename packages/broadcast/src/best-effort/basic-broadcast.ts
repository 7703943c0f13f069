import { algorithm, BestEffortBroadcast, type Payload, PerfectPointToPointLinks } from '@upon/contract'

/**
 * Basic broadcast: sends the message to every process.
 *
 * - Implements: BestEffortBroadcast (beb)
 * - Uses: PerfectPointToPointLinks (pl)
 * - Assumes: fail-silent; any number of crashes. After a crash in the middle of the loop, some processes deliver and others do not: that is best effort
 * - Cost: 1 step, N messages
 * - Source: Algorithm 3.1, page 76
 */
export const BasicBroadcast = algorithm(
  {
    name: 'basic-broadcast',
    implements: { beb: BestEffortBroadcast },
    uses: { pl: PerfectPointToPointLinks.of<Payload>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
  },
  ({ beb, pl, processes, upon }) => {
    upon(beb.broadcast, (m) => {
      for (const q of processes) pl.send(q, m)
    })

    upon(pl.deliver, (p, m) => {
      beb.deliver(p, m)
    })
  },
)
