import { check } from '@upon/checker'
import {
  abstraction,
  algorithm as declare,
  EpochConsensus,
  type EpochState,
  firstLeader,
  increasing,
  type Module,
  type Payload,
  type ProcessId,
  type Request,
} from '@upon/contract'
import type { ClientOperation, Perform, Random, Run } from '@upon/simulator'
import { shown } from '@upon/trace'
import { type Asking, offer, value } from '../offers'
import { each, type ProcessUnderTest, type Suite, type Tested } from '../suite'
import { drawValues, type Value } from '../values'

/** A process enters an epoch; its leader proposes a value of its own. */
export interface Entering {
  readonly ets: number
  readonly l: ProcessId
  readonly v: Value
}

/** A sequence of epochs, as users of epoch consensus must have them. */
interface Epochs extends Module {
  readonly guarantees: { readonly epochs: true }
  readonly enter: Request<[ets: number, l: ProcessId, v: this['payload']]>
}
const Epochs = abstraction<Epochs>({
  name: 'Epochs',
  instance: 'epochs',
  requests: { enter: ['ets', 'l', 'v'] },
  indications: {},
  properties: {},
})

/** Aborts the current epoch, and starts the next one with its state. */
const oneAfterTheOther = (ep: Tested<EpochConsensus>) =>
  declare(
    {
      name: 'one-epoch-after-the-other',
      implements: { epochs: Epochs },
      uses: { ep: increasing(ep.of<Payload>()) },
      assumes: ep.assumes,
      state: () => ({ ets: undefined as number | undefined, next: undefined as { ets: number; l: ProcessId; v: Payload } | undefined }),
    },
    ({ epochs, ep, state, self, upon }) => {
      const start = (epochState: EpochState<Payload>) => {
        const { ets, l, v } = state.next as { ets: number; l: ProcessId; v: Payload }
        state.ets = ets
        state.next = undefined
        ep.create(ets, { ets, l, state: epochState })
        if (l === self) ep.propose(ets, v)
      }

      upon(epochs.enter, (ets, l, v) => {
        state.next = { ets, l, v }
        if (state.ets === undefined) start({ valts: 0, val: undefined })
        else ep.abort(state.ets)
      })

      upon(ep.aborted, (ts, epochState) => {
        if (ts !== state.ets || state.next === undefined) return
        ep.dispose(ts)
        start(epochState)
      })

      upon(ep.decide, () => {})
    },
  )

function client(process: ProcessUnderTest, algorithm: Tested<EpochConsensus>): Perform<Entering> {
  const { enter } = process.run(oneAfterTheOther(algorithm).of<Value>() as never) as unknown as {
    enter: (ets: number, l: ProcessId, v: Value) => void
  }
  return ({ ets, l, v }, done) => {
    enter(ets, l, v)
    done()
  }
}

const LIMIT_EPOCHS = 7
const LIMIT_MANY_EPOCHS = 40

/**
 * Up to seven epochs with any leaders, in some runs up to forty. Each process may skip all but the last. Processes enter them at moments of
 * their own; or all at about the same time, often before the previous epoch has ended, so that some have written when others no longer
 * answer.
 */
function enterings(random: Random, processes: readonly ProcessId[]): ClientOperation<Entering>[] {
  const paceUs = random.pick([0, 5_000, 10_000, 20_000, 30_000])
  const apartUs = random.pick([500, 5_000, 50_000])
  const apart = random.pick([3, 3, 30, 1_000]) // how far apart timestamps are
  const limit = random.chance(3) ? LIMIT_MANY_EPOCHS : LIMIT_EPOCHS
  const value = drawValues(random)
  let ets = random.below(2)
  let atUs = 0
  const epochs = Array.from({ length: random.between(1, limit) }, (_, i) => {
    const l = ets === 0 ? firstLeader(processes) : random.pick(processes) // the leader of epoch 0 is fixed
    const epoch = { operation: { ets, l, v: value(i) }, atUs }
    ets += random.between(1, apart)
    atUs += random.below(paceUs + 1)
    return epoch
  })
  return processes.flatMap((process) => {
    let nowUs = 0
    return epochs.flatMap(({ operation, atUs }, i) => {
      if (i < epochs.length - 1 && random.chance(25)) return []
      const afterUs = Math.max(0, atUs - nowUs + random.below(apartUs + 1))
      nowUs += afterUs
      return [{ process, afterMs: afterUs / 1000, operation }]
    })
  })
}

/** A process enters epochs one after the other, and all agree on the leader of each: they take turns, from the first leader on. */
function enter(asking: Asking<Entering>) {
  const { process, processes, before } = asking
  const least = 1 + Math.max(0, ...before.flatMap((requested) => (requested.process === process ? [requested.operation.ets] : [])))
  const latest = Math.max(least, ...before.map(({ operation }) => operation.ets))
  const turns = [...processes].reverse()
  const first = turns.indexOf(firstLeader(processes))
  const entering = (ets: number, v: Value): Entering => ({ ets, l: turns[(first + ets - 1) % turns.length] ?? process, v })
  return [offer('enter', [{ name: 'ets', kind: 'number', initial: latest, least }, value('v', asking)], entering)]
}

const decisions = ({ trace }: Run) =>
  trace.entries.flatMap((entry) => (entry.type === 'event' && entry.event === 'decide' ? [{ path: entry.path, p: entry.process }] : []))

export const epochConsensus: Suite<EpochConsensus, Entering> = {
  module: EpochConsensus,
  start: client,
  operations: enterings,
  few: (processes) => each(processes, () => ({ ets: 1, l: firstLeader(processes), v: 1 })),
  offers: enter,
  describe: ({ ets, l, v }) => `enter epoch ${ets} with leader ${l}, which proposes ${shown(v)}`,
  judge: (trace) => check(trace, EpochConsensus),
  record: ['EpochConsensus'],
  sometimes: {
    'a value was decided in one epoch and again in a later one': (run) => new Set(decisions(run).map(({ path }) => path)).size > 1,
    'an epoch was decided by some and not by others': (run, { processes }) =>
      decisions(run).some(({ path }) => decisions(run).filter((decision) => decision.path === path).length < processes.length),
    'a process decided and then crashed': (run) =>
      run.trace.entries.some(({ type, process }) => type === 'crash' && decisions(run).some(({ p }) => p === process)),
    'an epoch was decided by no process': (run) => {
      const paths = new Set(run.trace.entries.flatMap((entry) => (entry.type === 'event' && entry.event === 'propose' ? [entry.path] : [])))
      return [...paths].some((path) => !decisions(run).some((decision) => decision.path === path))
    },
  },
}
