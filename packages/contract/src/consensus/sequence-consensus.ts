import { refusesBottom } from '../bottom'
import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/**
 * Not in the book: a sequence of decisions, known as multi-Paxos or a replicated log. Processes propose any number of values. All decide the
 * same value at slot 1, then at slot 2, and so on. `undefined` is ⊥ and cannot be proposed.
 */
export interface SequenceConsensus extends Module {
  readonly guarantees: { readonly sequenceConsensus: true }
  readonly propose: Request<[v: this['payload']]>
  /**
   * This snapshot stands for all decisions up to this slot. A process that is behind may get it instead of the decisions, which need not be
   * kept any longer. Nothing happens if this process has not decided the slot, or if the slot is below that of the last snapshot.
   */
  readonly compact: Request<[slot: number, snapshot: this['payload']]>
  readonly decide: Indication<[slot: number, v: this['payload']]>
  /** Replaces all decisions up to this slot by the snapshot that some process made of them. */
  readonly restore: Indication<[slot: number, snapshot: this['payload']]>
}

export const SequenceConsensus = abstraction<SequenceConsensus>({
  name: 'SequenceConsensus',
  instance: 'seq',
  requests: { propose: ['v'], compact: ['slot', 'snapshot'] },
  refuses: { propose: refusesBottom },
  indications: { decide: ['slot', 'v'], restore: ['slot', 'snapshot'] },
  properties: {
    SEQ1: 'Termination: what a correct process proposes is eventually decided, at a slot that this process reaches (liveness).',
    SEQ2: 'Validity: a value that is decided was proposed before by some process (safety).',
    SEQ3: 'Integrity: a process decides a value at no more slots than it was proposed times (safety).',
    SEQ4: 'No gap: after slot i, which it has decided or restored, a process decides slot i + 1; it restores only later slots (safety).',
    SEQ5: 'Uniform agreement: no two processes decide differently at a slot (safety).',
    SEQ6: 'Totality: a slot that some process reaches, every correct process eventually reaches: it decides it, or restores a later one (liveness).',
    SEQ7: 'Restoration: a process restores at a slot only what some process handed in for that slot, after it had reached it (safety).',
  },
})
