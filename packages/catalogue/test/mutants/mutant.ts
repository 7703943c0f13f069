import type { Layers } from '../../src/load'

/** A line of an algorithm as it is, and as it is wrong. */
export interface Mutation {
  /** Under `packages/`. */
  readonly file: string
  /** What is there, exactly once. */
  readonly line: string
  readonly wrong: string
}

/** One wrong line, and how it shows. */
export interface Mutant extends Mutation {
  readonly name: string
  /** The entry of the catalogue under whose suite it is caught. */
  readonly algorithm: string
  /** Over its own layers by default. */
  readonly layers?: Layers
  /** The property that is violated. */
  readonly property: string
  /** In systems of how many processes; by default of the entry's sizes by turns. */
  readonly processes?: number
  /** How many steps the shortest schedule that shows it has at most; 25 by default, more for what takes many operations. */
  readonly steps?: number
  /** A seed that shows it, if the first that does is beyond the first hundred: all that is tried where there is no time. The search goes on if it shows it no more. */
  readonly seed?: number
  /** Only where there is time: it takes thousands of schedules. */
  readonly isDeep?: true
  /** Why it is no fault at all, if it is none: then it must survive. */
  readonly equivalent?: string
}

/** The mutants of one file. */
export const of = (file: string, algorithm: string, mutants: readonly Omit<Mutant, 'file' | 'algorithm'>[]): Mutant[] =>
  mutants.map((mutant) => ({ file, algorithm, ...mutant }))
