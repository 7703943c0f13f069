import { BasicBroadcast } from '@upon/broadcast'
import { epochChange, epochConsensus, uniformConsensus } from '@upon/compliance'
import { LeaderDrivenConsensus } from '@upon/consensus'
import {
  algorithm,
  EpochChange,
  EpochConsensus,
  type EpochState,
  type Payload,
  PerfectPointToPointLinks,
  type ProcessId,
  shared,
  Timer,
  UniformConsensus,
} from '@upon/contract'
import { ExcludeOnTimeout, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { stranger } from '../proofs/stranger'

const stop = { processes: 'crash-stop', timing: 'synchronous', resilience: 'f < N' } as const
const noisy = { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' } as const

/** Waits for a decision of those below, and then decides by itself. */
const losesPatience = algorithm(
  {
    name: 'loses-patience',
    implements: { uc: UniformConsensus },
    uses: { below: LeaderDrivenConsensus.of<Payload>(), timer: Timer },
    assumes: noisy,
    state: () => ({ mine: undefined as { readonly v: Payload } | undefined, decided: false }),
  },
  ({ uc, below, timer, state, upon }) => {
    const decide = (v: Payload) => {
      if (!state.decided) uc.decide(v)
      state.decided = true
    }
    upon(uc.propose, (v) => {
      state.mine = { v }
      below.propose(v)
      timer.start(300)
    })
    upon(below.decide, decide)
    upon(timer.timeout, () => {
      if (state.mine !== undefined) decide(state.mine.v)
    })
  },
)

type Imposed = { rank: number; v: Payload }

/** Hierarchical consensus, Algorithm 5.2: rounds by rank; whom a process obeys is up to it. */
const hierarchical = (name: string, obeys: (theirs: number, last: number, mine: number) => boolean) =>
  algorithm(
    {
      name,
      implements: { uc: UniformConsensus },
      uses: { beb: BasicBroadcast.of<Imposed>(), pfd: shared(ExcludeOnTimeout) },
      assumes: stop,
      state: () => ({
        round: 1,
        proposal: undefined as { readonly v: Payload } | undefined,
        proposer: 0,
        detected: new Set<number>(),
        delivered: new Set<number>(),
        broadcast: false,
      }),
    },
    ({ uc, beb, pfd, state, rank, self, processes, upon, when }) => {
      upon(pfd.crash, (p) => void state.detected.add(rank(p)))
      upon(uc.propose, (v) => {
        state.proposal ??= { v }
      })
      upon(beb.deliver, (_p, { rank: r, v }) => {
        if (obeys(r, state.proposer, rank(self))) {
          state.proposal = { v }
          state.proposer = r
        }
        state.delivered.add(r)
      })
      when(
        () => state.round <= processes.length && (state.detected.has(state.round) || state.delivered.has(state.round)),
        () => {
          state.round += 1
        },
      )
      when(
        () => state.round === rank(self) && state.proposal !== undefined && !state.broadcast,
        () => {
          state.broadcast = true
          const { v } = state.proposal as { v: Payload }
          beb.broadcast({ rank: rank(self), v })
          uc.decide(v)
        },
      )
    },
  )

/** Takes 0 for no proposal at all. */
const noZero = algorithm(
  { name: 'no-zero', implements: { uc: UniformConsensus }, uses: { below: LeaderDrivenConsensus.of<Payload>() }, assumes: noisy },
  ({ uc, below, upon }) => {
    upon(uc.propose, (v) => {
      if (v) below.propose(v)
    })
    upon(below.decide, (v) => uc.decide(v))
  },
)

/** Each new leader counts on from the last epoch that it knows. */
const countsOn = algorithm(
  {
    name: 'counts-on',
    implements: { ec: EpochChange },
    uses: { beb: BasicBroadcast.of<{ ts: number }>(), eld: shared(MonarchicalEventualLeaderDetection) },
    assumes: noisy,
    state: ({ processes }) => ({ last: 0, trusted: processes.at(-1) as ProcessId }),
  },
  ({ ec, beb, eld, state, self, upon }) => {
    upon(eld.trust, (p) => {
      if (p === state.trusted) return
      state.trusted = p
      if (p === self) beb.broadcast({ ts: state.last + 1 })
    })
    upon(beb.deliver, (l, { ts }) => {
      if (ts <= state.last) return
      state.last = ts
      ec.startEpoch(ts, l)
    })
  },
)

type Said = { kind: 'READ' } | { kind: 'WRITE'; v: Payload } | { kind: 'DECIDED'; v: Payload }
type Answer = ({ kind: 'STATE' } & EpochState<Payload>) | { kind: 'ACCEPT' }

/** Read, write, decide, as Algorithm 5.6; with one thing wrong. */
const epoch = (name: string, fault: 'adopts nothing' | 'decides at once') =>
  algorithm(
    {
      name,
      implements: { ep: EpochConsensus },
      uses: { pl: PerfectPointToPointLinks.of<Answer>(), beb: BasicBroadcast.of<Said>() },
      assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
      state: ({ parameters }) => ({
        ...(parameters.state as EpochState<Payload>),
        mine: undefined as Payload | undefined,
        states: [] as EpochState<Payload>[],
        accepts: 0,
      }),
    },
    ({ ep, pl, beb, state, parameters: { ets, l }, processes, upon, halt }) => {
      const majority = Math.floor(processes.length / 2) + 1
      upon(ep.propose, (v) => {
        state.mine = v
        beb.broadcast({ kind: 'READ' })
      })
      upon(beb.deliver, 'READ', () => pl.send(l, { kind: 'STATE', valts: state.valts, val: state.val }))
      upon(pl.deliver, 'STATE', (_q, { valts, val }) => {
        state.states.push({ valts, val })
        if (state.states.length !== majority) return
        const known = state.states.filter((s) => s.val !== undefined).sort((a, b) => b.valts - a.valts)
        const [highest] = known
        if (highest !== undefined && fault !== 'adopts nothing') state.mine = highest.val
        beb.broadcast({ kind: 'WRITE', v: state.mine as Payload })
      })
      upon(beb.deliver, 'WRITE', (_p, { v }) => {
        state.valts = ets
        state.val = v
        pl.send(l, { kind: 'ACCEPT' })
      })
      upon(pl.deliver, 'ACCEPT', () => {
        state.accepts += 1
        if (state.accepts === (fault === 'decides at once' ? 1 : majority)) beb.broadcast({ kind: 'DECIDED', v: state.mine as Payload })
      })
      upon(beb.deliver, 'DECIDED', (_p, { v }) => ep.decide(v))
      upon(ep.abort, () => {
        ep.aborted({ valts: state.valts, val: state.val })
        halt()
      })
    },
  )

export const consensus = [
  stranger('UC4', 'a process that has waited long enough decides by itself', uniformConsensus, losesPatience),
  stranger(
    'UC4',
    'a decision is not made sure of before it is taken',
    uniformConsensus,
    hierarchical('hierarchical', (r, last, mine) => r < mine && r > last),
  ),
  stranger(
    'UC4',
    'the last leader to write is obeyed',
    uniformConsensus,
    hierarchical('hierarchical-any-rank', () => true),
  ),
  stranger('UC1', 'a proposal that is 0 is taken for none', uniformConsensus, noZero),
  stranger('EC2', 'two leaders may announce the same timestamp', epochChange, countsOn),
  stranger('EP4', 'a leader ignores what it reads', epochConsensus, epoch('adopts-nothing', 'adopts nothing')),
  stranger('EP4', 'one acceptance is enough', epochConsensus, epoch('decides-at-once', 'decides at once')),
]
