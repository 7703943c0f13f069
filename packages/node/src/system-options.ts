import type { HandlerError, Observation } from '@upon/runtime'
import type { Value } from './app'
import type { NameBudget } from './limits'
import type { Log } from './log'
import type { Members } from './members'
import type { Recorder } from './recording/recorder'
import type { Wires } from './system-links'

/** What a system reports to the hub. */
export interface Reports {
  delivered(value: Value): void
  writeReturned(register: string): void
  readReturned(register: string, value: Value): void
  decided(topic: string, value: Value): void
}

export interface SystemOptions {
  readonly id: string
  readonly members: Members
  readonly wires: Wires
  readonly reports: Reports
  readonly log: Log
  readonly budgets: { readonly registers: NameBudget; readonly topics: NameBudget }
  /** Something was dropped, for it means nothing here. */
  readonly refuse: (message: string, details: object) => void
  /** Δ of the failure detector, and its first delay. */
  readonly delayMs: number
  readonly observe?: ((observation: Observation) => void) | undefined
  /** Sees every event, too; what it keeps is in its file before a message leaves. */
  readonly recorder?: Recorder | undefined
  readonly onCrash: (error: HandlerError) => void
}
