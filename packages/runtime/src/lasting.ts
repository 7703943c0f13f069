import type { Abstraction, Module } from '@upon/contract'

/** An indication, with its number among the events of the process. */
export interface Happened {
  readonly event: string
  readonly number: number
  readonly attributes: readonly [a: unknown, b: unknown, c: unknown, d: unknown]
}

type Rule = 'latest' | 'forever' | { readonly until: string }

/** The indications of one instance that hold, in the order in which they happened: what a user that comes later gets. */
export class LastingIndications {
  #held: readonly Happened[] = []

  private constructor(readonly rules: ReadonlyMap<string, Rule>) {}

  /** Nothing for modules whose indications do not last. */
  static of({ lasting = {} }: Abstraction<Module>): LastingIndications | undefined {
    const rules = new Map(Object.entries<Rule>(lasting))
    return rules.size === 0 ? undefined : new LastingIndications(rules)
  }

  /** Whether an event lasts, or ends a lasting one. */
  concerns(event: string): boolean {
    return this.rules.has(event) || [...this.rules.values()].some((rule) => typeof rule === 'object' && rule.until === event)
  }

  note(happened: Happened): void {
    const left = this.#held.filter((held) => !this.#isEnded(held, happened))
    this.#held = this.rules.has(happened.event) ? [...left, happened] : left
  }

  get held(): readonly Happened[] {
    return this.#held
  }

  forget(): void {
    this.#held = []
  }

  #isEnded(held: Happened, { event, attributes: [first] }: Happened): boolean {
    const rule = this.rules.get(held.event)
    if (typeof rule !== 'object') return rule === 'latest' && held.event === event
    return (event === rule.until || event === held.event) && held.attributes[0] === first
  }
}
