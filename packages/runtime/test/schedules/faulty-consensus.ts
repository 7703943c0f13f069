import { BasicBroadcast } from '@upon/broadcast'
import {
  algorithm,
  EpochChange,
  EpochConsensus,
  type EpochState,
  EventualLeaderDetector,
  type Payload,
  PerfectPointToPointLinks,
  type ProcessId,
  Timer,
} from '@upon/contract'

type State = EpochState<Payload>
type FromLeader = { kind: 'READ' } | { kind: 'WRITE'; val: Payload } | { kind: 'DECIDED'; val: Payload }
type ToLeader = ({ kind: 'STATE' } & State) | { kind: 'ACCEPT' }

export type EpochFault = 'none' | 'bottom wins a tie' | 'state lost at abort' | 'quorum of f' | 'first state instead of the highest'

/** A copy of read/write epoch consensus with one fault, or none. */
export const faultyEpochConsensus = (fault: EpochFault) =>
  algorithm(
    {
      name: 'faulty-epoch-consensus',
      implements: { ep: EpochConsensus },
      uses: { pl: PerfectPointToPointLinks.of<ToLeader>(), beb: BasicBroadcast.of<FromLeader>() },
      assumes: { model: 'fail-silent', resilience: 'f < N/2' },
      state: ({ parameters }) => ({
        ...(parameters.state as State),
        tmpval: undefined as Payload | undefined,
        states: new Map<ProcessId, State>(),
        accepted: new Set<ProcessId>(),
      }),
    },
    ({ ep, pl, beb, state, parameters: { ets, l }, processes, upon, when, halt }) => {
      const isQuorum = ({ size }: { readonly size: number }) =>
        fault === 'quorum of f' ? size >= Math.max(1, Math.ceil(processes.length / 2) - 1) : size > processes.length / 2
      const highest = (states: State[]) =>
        states.reduce((a, b) => {
          if (fault === 'first state instead of the highest') return a
          const tie = b.valts === a.valts
          return b.valts > a.valts || (tie && (fault === 'bottom wins a tie' ? b.val === undefined : a.val === undefined)) ? b : a
        })

      upon(ep.propose, (v) => {
        state.tmpval = v
        beb.broadcast({ kind: 'READ' })
      })
      upon(beb.deliver, 'READ', (p) => {
        if (p === l) pl.send(l, { kind: 'STATE', valts: state.valts, val: state.val as Payload })
      })
      upon(pl.deliver, 'STATE', (q, { valts, val }) => {
        state.states.set(q, { valts, val })
      })
      when(
        () => isQuorum(state.states),
        () => {
          const { val } = highest([...state.states.values()])
          if (val !== undefined) state.tmpval = val
          state.states.clear()
          beb.broadcast({ kind: 'WRITE', val: state.tmpval as Payload })
        },
      )
      upon(beb.deliver, 'WRITE', (p, { val }) => {
        if (p !== l) return
        state.valts = ets
        state.val = val
        pl.send(l, { kind: 'ACCEPT' })
      })
      upon(pl.deliver, 'ACCEPT', (q) => {
        state.accepted.add(q)
      })
      when(
        () => isQuorum(state.accepted),
        () => {
          state.accepted.clear()
          beb.broadcast({ kind: 'DECIDED', val: state.tmpval as Payload })
        },
      )
      upon(beb.deliver, 'DECIDED', (p, { val }) => {
        if (p === l) ep.decide(val)
      })
      upon(ep.abort, () => {
        ep.aborted(fault === 'state lost at abort' ? { valts: 0, val: undefined } : { valts: state.valts, val: state.val })
        halt()
      })
    },
  )

type NewEpoch = { kind: 'NEWEPOCH'; ts: number }

/** Algorithm 5.5 as printed: each epoch not started is answered by a NACK, and each NACK by an epoch. What foreign peers run. */
export const EpochChangeAsPrinted = algorithm(
  {
    name: 'epoch-change-as-printed',
    implements: { ec: EpochChange },
    uses: {
      pl: PerfectPointToPointLinks.of<{ kind: 'NACK' }>(),
      beb: BasicBroadcast.of<NewEpoch>(),
      eld: EventualLeaderDetector,
      timer: Timer,
    },
    assumes: { model: 'fail-noisy', resilience: 'f < N' },
    state: ({ self, processes, rank }) => ({ trusted: processes.at(-1) as ProcessId, lastts: 0, ts: rank(self) }),
  },
  ({ ec, pl, beb, eld, state, self, processes, upon }) => {
    const announceEpoch = () => {
      state.ts += processes.length
      beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
    }
    upon(eld.trust, (p) => {
      state.trusted = p
      if (p === self) announceEpoch()
    })
    upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
      if (l === state.trusted && newts > state.lastts) {
        state.lastts = newts
        ec.startEpoch(newts, l)
      } else pl.send(l, { kind: 'NACK' })
    })
    upon(pl.deliver, 'NACK', () => {
      if (state.trusted === self) announceEpoch()
    })
  },
)

export type EpochChangeFault = 'none' | 'who is trusted again is not told' | 'every NACK is answered at once'

/** A copy of our leader-based epoch-change with one fault, or none. */
export const faultyEpochChange = (fault: EpochChangeFault) =>
  algorithm(
    {
      name: 'faulty-epoch-change',
      implements: { ec: EpochChange },
      uses: {
        pl: PerfectPointToPointLinks.of<{ kind: 'NACK' }>(),
        beb: BasicBroadcast.of<NewEpoch>(),
        eld: EventualLeaderDetector,
        timer: Timer,
      },
      assumes: { model: 'fail-noisy', resilience: 'f < N' },
      state: ({ self, processes, rank }) => {
        const l0 = processes.at(-1) as ProcessId
        const announced = new Map<ProcessId, number>([[l0, 0]])
        return { trusted: l0, lastts: 0, ts: rank(self), announced, pace: 'free' as 'free' | 'resting' | 'nacked' }
      },
    },
    ({ ec, pl, beb, eld, timer, state, self, processes, upon }) => {
      const announceEpoch = () => {
        const highest = Math.max(...state.announced.values())
        do state.ts += processes.length
        while (state.ts <= highest)
        beb.broadcast({ kind: 'NEWEPOCH', ts: state.ts })
      }
      upon(eld.trust, (p) => {
        if (p === state.trusted) return
        state.trusted = p
        if (p === self) announceEpoch()
        else if (fault !== 'who is trusted again is not told' && state.announced.has(p) && state.announced.get(p) !== state.lastts)
          pl.send(p, { kind: 'NACK' })
      })
      upon(beb.deliver, 'NEWEPOCH', (l, { ts: newts }) => {
        if (newts <= (state.announced.get(l) ?? -1)) return
        state.announced.set(l, newts)
        if (l !== state.trusted) return
        if (newts > state.lastts) {
          state.lastts = newts
          ec.startEpoch(newts, l)
        } else pl.send(l, { kind: 'NACK' })
      })
      upon(pl.deliver, 'NACK', () => {
        if (state.trusted !== self) return
        if (state.pace !== 'free') {
          state.pace = 'nacked'
          return
        }
        if (fault !== 'every NACK is answered at once') state.pace = 'resting'
        announceEpoch()
        timer.start(100)
      })
      upon(timer.timeout, () => {
        const again = state.pace === 'nacked' && state.trusted === self
        state.pace = again ? 'resting' : 'free'
        if (!again) return
        announceEpoch()
        timer.start(100)
      })
    },
  )
