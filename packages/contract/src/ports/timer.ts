import { abstraction } from '../layer'
import type { Indication, Module, Request } from '../module'

/** The timer of the book's algorithms: `starttimer(Δ)`, then ⟨Timeout⟩ once. Starting it again before that restarts it. */
export interface Timer extends Module {
  readonly guarantees: { readonly timer: true }
  readonly start: Request<[delayMs: number]>
  readonly timeout: Indication<[]>
}

export const Timer = abstraction<Timer>({
  name: 'Timer',
  instance: 'timer',
  requests: { start: ['delayMs'] },
  indications: { timeout: [] },
  properties: {
    TIM1: 'Timeout: a timer that was started and not restarted times out once, no earlier than its delay (liveness, safety).',
  },
})
