/** Numbers for texts, equal for equal texts: comparing numbers is cheaper. */
export class Texts {
  readonly #numbers = new Map<string, number>()

  numberOf(text: string): number {
    let found = this.#numbers.get(text)
    if (found === undefined) {
      found = this.#numbers.size + 1
      this.#numbers.set(text, found)
    }
    return found
  }
}
