/** What is made of an entry's source when the site is built. */
export interface Facts {
  readonly name: string
  readonly title: string
  readonly module: string
  readonly slug: string
  /** `Module 3.3, page 84`. */
  readonly source: string
  readonly model: string
  readonly resilience: string
  readonly file: string
  /** The algorithm's lines, with their numbers in the file. */
  readonly lines: readonly { readonly number: number; readonly text: string }[]
  readonly handlers: readonly Handler[]
  readonly mutants: readonly MutantFacts[]
}

/** An `upon` in the source: which lines run upon which event. */
export interface Handler {
  /** `beb` */
  readonly layer: string
  readonly event: string
  /** Of the message, if it is for one kind only. */
  readonly kind?: string
  readonly from: number
  readonly to: number
}

/** A wrong line that the tests catch. */
export interface MutantFacts {
  readonly name: string
  readonly property: string
  readonly layers: 'own' | 'adversarial'
  /** In systems of how many processes it shows. */
  readonly processes?: number
  /** The lines in whose place the wrong ones stand. */
  readonly from: number
  readonly to: number
  readonly wrong: readonly string[]
}
