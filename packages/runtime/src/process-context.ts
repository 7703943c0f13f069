import type { Layer, Module, Port, ProcessId, Timing, Transport } from '@upon/contract'
import type { Enqueue, Instance, Observes } from './instance'
import type { Router } from './router'

/** What the host supplies, by the name of the module. */
export type Supplied = ReadonlyMap<string, Port<Module> | Transport<Module>>

/** What the process provides to every instance in it. */
export interface ProcessContext {
  readonly self: ProcessId
  readonly rank: (p: ProcessId) => number
  /** How many processes may be faulty, if the host says so. */
  readonly f: number | undefined
  readonly timing: Timing | undefined
  readonly enqueue: Enqueue
  readonly observes: Observes
  readonly observesRules: Observes
  /** Shows the observer a rule, and runs it. */
  readonly fired: (instance: Instance, rule: string, action: () => void) => void
  /** Shows the observer a query, with its answer as the last attribute. */
  readonly queried: (instance: Instance, query: string, attributes: readonly unknown[]) => void
  /** Called with a malformed message. */
  readonly malformed: (path: string, message: unknown) => void
  readonly router: Router
  readonly supplied: Supplied
  readonly areIndexesEscaped: boolean
  readonly resume: (path: string) => object | undefined
}

/** How to make an instance. */
export interface Making {
  /** Connects its user before ⟨Init⟩, so that it misses nothing. */
  readonly join: (instance: Instance) => void
  readonly parameters?: unknown
  /** Its Π, if that differs from Π of its parent. */
  readonly members?: readonly ProcessId[] | undefined
}

/** Makes the instances below one. */
export interface Maker {
  readonly context: ProcessContext
  /** Makes an instance of `layer` with all that it uses, and runs its ⟨Init⟩. */
  instantiate(layer: Layer<Module>, path: string, parent: Instance, making: Making): Instance
}
