import { algorithm, FairLossPointToPointLinks, type Payload, ProbabilisticBroadcast, type ProcessId, RandomSource } from '@upon/contract'
import { add, type MessageIds } from '../message-ids'
import { pickTargets } from './pick-targets'

type Gossip = { readonly s: ProcessId; readonly sn: number; readonly m: Payload; readonly r: number }

/**
 * Eager probabilistic broadcast: a process that receives a message sends it to `fanout` others, drawn at random, for some rounds.
 *
 * - Implements: ProbabilisticBroadcast (pb)
 * - Uses: FairLossPointToPointLinks (fll), RandomSource (random)
 * - Assumes: fail-silent; any number of crashes
 * - Cost: up to R steps, k + k² + ... + kᴿ messages, however many processes there are; if k reaches all others and R is 2: 1 step, N² - N messages
 * - Memory: the numbers of the delivered messages: one per process, and the numbers above a gap
 * - Source: Algorithm 3.9, page 95
 * - Departs from the text: sender and number identify a message, not its content; if there are not k others, all of them are chosen, where the
 *   text would look for more forever
 */
export const EagerProbabilisticBroadcast = algorithm(
  {
    name: 'eager-probabilistic-broadcast',
    implements: { pb: ProbabilisticBroadcast },
    uses: { fll: FairLossPointToPointLinks.of<Gossip>(), random: RandomSource },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' },
    options: {
      /** The book's k: how many others a process sends a message to. */
      fanout: 4,
      /** The book's R: how often a message is passed on. */
      rounds: 5,
    },
    state: () => ({ broadcasts: 0, delivered: new Map() as MessageIds }),
  },
  ({ pb, fll, random, state, self, processes, options, upon }) => {
    const gossip = (message: Gossip) => {
      for (const t of pickTargets(processes, self, options.fanout, random.below)) fll.send(t, message)
    }

    upon(pb.broadcast, (m) => {
      state.broadcasts += 1
      const sn = state.broadcasts
      add(state.delivered, self, sn)
      pb.deliver(self, m)
      gossip({ s: self, sn, m, r: options.rounds })
    })

    upon(fll.deliver, (_p, { s, sn, m, r }) => {
      if (add(state.delivered, s, sn)) pb.deliver(s, m)
      if (r > 1) gossip({ s, sn, m, r: r - 1 })
    })
  },
)
