import { algorithm, increasing, MessageCapacity, PerfectPointToPointLinks, SequenceConsensus, Turn } from '@upon/contract'
import { LeaderBasedEpochChange } from '../epoch-change/leader-based-epoch-change'
import { countAccepts, countShown, due, hasRead, newLeader, place, promise, startWriting } from './leader'
import { accept, compact, emptyLog, learn, nextOf, restore, show, shownTo } from './log'
import type { Batch, Message } from './messages'
import { type Command, isDone, take } from './progress'

/**
 * Leader-driven sequence consensus (multi-Paxos): the leader of an epoch reads once what a majority has accepted at the places of a log,
 * and from then on only writes: a batch of commands at each place, many places at a time.
 *
 * - Implements: SequenceConsensus (seq)
 * - Uses: EpochChange (ec), PerfectPointToPointLinks (pl, one instance an epoch), Turn (turn), MessageCapacity (capacity)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: 2 steps until the leader decides, 3 steps until all do, and 3N messages for all that it is handed in a turn; for what another
 *   process proposes 4 steps and 3N + 1 messages. A new leader: 2 steps, 2N messages, and one for each place that it has not decided
 * - Memory: what is not decided by all, since the last snapshot; and a number for each process
 * - Source: algorithms 5.6 and 5.7, pages 223 and 225, for all places of a log
 * - Departs from the text:
 *   - Each epoch has links of its own: what is left of an earlier epoch is never heard, and what comes for a later one waits.
 *   - A process hands its commands to each leader until they are decided. One that stands at two places gives a slot at the first only.
 *   - At most `windowPlaces` places are on the way to a process. One that is behind gets what it has not decided, or the last snapshot.
 */
export const LeaderDrivenSequence = algorithm(
  {
    name: 'leader-driven-sequence',
    implements: { seq: SequenceConsensus },
    uses: {
      ec: LeaderBasedEpochChange,
      pl: increasing(PerfectPointToPointLinks.of<Message>()),
      turn: Turn,
      capacity: MessageCapacity.of<Batch>(),
    },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    options: { batchCommands: 512, windowPlaces: 32 },
    state: ({ l0, processes }) => ({
      ets: 0,
      l: l0,
      proposals: 0,
      mine: new Map<number, Command>(),
      unsent: [] as Command[],
      log: emptyLog(),
      accepted: [] as number[],
      leader: newLeader(0, processes),
    }),
  },
  ({ seq, ec, pl, turn, capacity, state, self, processes, options: { batchCommands, windowPlaces }, upon, when }) => {
    const { log } = state

    const cut = (queue: Command[]): Batch => {
      let size = Math.min(queue.length, batchCommands)
      while (size > 1 && !capacity.fits(queue.slice(0, size))) size = Math.ceil(size / 2)
      return queue.splice(0, size)
    }

    pl.create(0)

    upon(seq.propose, (v) => {
      state.proposals += 1
      const command = { s: self, sn: state.proposals, v }
      state.mine.set(command.sn, command)
      state.unsent.push(command)
      turn.awaitEnd()
    })

    upon(ec.startEpoch, (ets, l) => {
      pl.dispose(state.ets)
      Object.assign(state, { ets, l, unsent: [...state.mine.values()], accepted: [], leader: newLeader(ets, processes) })
      pl.create(ets)
      if (l === self) for (const q of processes) pl.send(ets, q, { kind: 'READ', from: log.decided.place })
      turn.awaitEnd()
    })

    upon(pl.deliver, 'READ', (ts, l, { from }) => {
      if (ts !== state.ets) return // sent to oneself, before this epoch; so below
      const shown = shownTo(log, from)
      for (const message of shown) pl.send(ts, l, message)
      pl.send(ts, l, { kind: 'PROMISE', decided: log.decided.place, shown: shown.length })
    })

    upon(pl.deliver, 'ENTRY', (ts, q, { place, valts, batch }) => {
      if (ts !== state.ets) return
      countShown(state.leader, q)
      if (state.leader.phase === 'reading') show(log, place, { valts, batch })
      turn.awaitEnd()
    })

    upon(pl.deliver, 'SNAPSHOT', (ts, p, { base, snapshot }) => {
      if (ts !== state.ets) return
      countShown(state.leader, p)
      turn.awaitEnd()
      if (!restore(log, { base, snapshot })) return
      for (const command of state.mine.values()) if (isDone(base, command)) state.mine.delete(command.sn)
      seq.restore(base.slot, snapshot)
    })

    upon(pl.deliver, 'PROMISE', (ts, q, { decided, shown }) => {
      if (ts !== state.ets) return
      promise(state.leader, log, q, decided, shown)
      turn.awaitEnd()
    })

    upon(pl.deliver, 'COMMANDS', (_ts, _p, { commands }) => {
      for (const command of commands) if (!isDone(log.decided, command)) state.leader.waiting.push(command)
      turn.awaitEnd()
    })

    upon(pl.deliver, 'WRITE', (ts, _l, { place, batch, commit, all }) => {
      if (ts !== state.ets) return
      accept(log, place, { valts: ts, batch })
      state.accepted.push(place)
      learn(log, commit, all)
      turn.awaitEnd()
    })

    upon(pl.deliver, 'ACCEPT', (ts, q, { places, decided }) => {
      if (ts !== state.ets) return
      countAccepts(state.leader, log, q, places, decided)
      turn.awaitEnd()
    })

    upon(pl.deliver, 'DECIDED', (_ts, _l, { commit, all }) => learn(log, commit, all))

    when(
      () => nextOf(log, state.ets),
      ({ batch }) => {
        log.decided.place += 1
        for (const command of batch) {
          if (!take(log.decided, command)) continue
          if (command.s === self) state.mine.delete(command.sn)
          seq.decide(log.decided.slot, command.v)
        }
      },
    )

    upon(seq.compact, (slot, snapshot) => compact(log, slot, snapshot))

    upon(turn.end, () => {
      const { ets, l, unsent, accepted, leader } = state
      if (l === self) for (const command of unsent.splice(0)) leader.waiting.push(command)
      while (unsent.length > 0) pl.send(ets, l, { kind: 'COMMANDS', commands: cut(unsent) })
      if (accepted.length > 0) pl.send(ets, l, { kind: 'ACCEPT', places: accepted.splice(0), decided: log.decided.place })
      if (l !== self) return
      if (hasRead(leader)) startWriting(leader, log, ets)
      place(leader, log, ets, windowPlaces, cut)
      for (const [q, message] of due(leader, log, windowPlaces)) pl.send(ets, q, message)
    })
  },
)
