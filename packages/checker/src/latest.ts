/**
 * What was worked out for the object asked about last. Questions about a trace come one after the other; and a WeakMap would keep
 * each of a million traces until a full garbage collection.
 */
export class Latest<K extends object, V> {
  #key: K | undefined
  #value: V | undefined

  get(key: K): V | undefined {
    return key === this.#key ? this.#value : undefined
  }

  set(key: K, value: V): void {
    this.#key = key
    this.#value = value
  }
}
