import type { ProcessId, Resilience, SystemModel } from '@upon/contract'
import type { ClientOperation } from './plan'
import type { Random } from './random'

/** What plans are drawn from: the model under test bounds what may happen. */
export interface PlanSpace<O> {
  /**
   * The model under test; `fail-noisy` by default. `fail-stop` is synchronous: each message takes `boundMs` at most from the start,
   * processes start within 20 ms of each other, timers are wrong by 10 percent at most, and nothing but crashes happens. In the other models
   * anything may be late until the stabilisation time. `fail-silent` promises no bounds afterwards either; its plans are drawn in the same
   * way. Under `fail-recovery` processes come back from crashes, and links lose messages.
   */
  readonly model?: Exclude<SystemModel, 'fail-arbitrary'>
  readonly processes: number
  readonly resilience: Resilience
  /** The clients' operations. */
  readonly operations: (random: Random, processes: readonly ProcessId[]) => readonly ClientOperation<O>[]
  /** Whether fair-loss links lose and repeat messages. It has no effect on perfect links. By default `never`, and `fair` under `fail-recovery`. */
  readonly loss?: 'never' | 'fair'
}
