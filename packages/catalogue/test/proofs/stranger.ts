import type { Suite, Tested } from '@upon/compliance'
import type { Module } from '@upon/contract'
import type { Layers } from '../../src/load'

/** Somebody else's implementation of a module, with a fault that ours cannot have. */
export interface Stranger {
  /** What is wrong with it. */
  readonly fault: string
  /** The property that must convict it. */
  readonly property: string
  readonly suite: Suite<Module>
  readonly algorithm: Tested<Module>
  readonly layers: Layers
}

export const stranger = <M extends Module, O>(
  property: string,
  fault: string,
  suite: Suite<M, O>,
  algorithm: Tested<M>,
  layers: Stranger['layers'] = 'own',
): Stranger => ({ fault, property, suite: suite as never, algorithm: algorithm as never, layers })
