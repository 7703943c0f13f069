import { abstraction } from '../layer'
import type { Module, Query } from '../module'

/**
 * Random numbers: uniform, independent, and unpredictable. Each instance has its own stream, so the draws of one instance do not affect
 * another.
 */
export interface RandomSource extends Module {
  readonly guarantees: { readonly randomSource: true }
  /** A whole number from 0 to n − 1. */
  readonly below: Query<[n: number], number>
}

export const RandomSource = abstraction<RandomSource>({
  name: 'RandomSource',
  instance: 'random',
  requests: {},
  indications: {},
  queries: { below: ['n'] },
  properties: { RND1: 'Range: a number drawn below n is whole, at least 0 and less than n (safety).' },
})
