import type { ProcessId, Resilience, SystemModel } from '@upon/contract'
import type { ClientOperation } from './plan'
import type { Random } from './random'

/** What a drawn plan may do: no more than the model under test allows. */
export interface PlanSpace<O> {
  /**
   * The model under test; `fail-noisy` by default. `fail-stop` is synchronous: each message takes `boundMs` at most from the start,
   * processes start within 20 ms of each other, timers are wrong by 10 percent at most, and nothing but crashes happens. In the others anything may be late until the stabilisation time; `fail-silent` has no bounds to
   * rely upon afterwards either, and is drawn alike. Under `fail-recovery` processes come back from crashes, and links lose messages.
   */
  readonly model?: Exclude<SystemModel, 'fail-arbitrary'>
  readonly processes: number
  readonly resilience: Resilience
  /** The clients' operations. */
  readonly operations: (random: Random, processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** Whether messages are lost and repeated: over fair-loss links alone; on perfect links it has no effect. `never` unless told or the model is `fail-recovery`. */
  readonly loss?: 'never' | 'fair'
}
