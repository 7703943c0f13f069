/** A write that took effect as the last one at its moment (`now`), or seen by reads but overwritten at the moment of the last one before (`then`). */
export interface Choice {
  readonly when: 'now' | 'then'
  readonly write: number
  readonly moment: number
}

const BYTES_A_NODE = 32

/** How each configuration came to be: a tree of choices, of which it knows its leaf. The root is -1. */
export class ChoiceTree {
  /** Four numbers a node: parent, write, moment, and whether `then`. */
  readonly #nodes: number[] = []

  get bytes(): number {
    return (this.#nodes.length / 4) * BYTES_A_NODE
  }

  /** Returns the new leaf. */
  add(parent: number, { when, write, moment }: Choice): number {
    this.#nodes.push(parent, write, moment, when === 'then' ? 1 : 0)
    return this.#nodes.length / 4 - 1
  }

  /** The choices that lead to a leaf, in order. */
  path(leaf: number): Choice[] {
    const choices: Choice[] = []
    for (let node = leaf; node !== -1; node = this.#nodes[node * 4]!) {
      const [write, moment, then] = this.#nodes.slice(node * 4 + 1, node * 4 + 4) as [number, number, number]
      choices.push({ when: then === 1 ? 'then' : 'now', write, moment })
    }
    return choices.reverse()
  }
}
