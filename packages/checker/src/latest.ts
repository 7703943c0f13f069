/**
 * The result for the latest object: a cache of one entry. Checks of one trace follow each other; a WeakMap would keep
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
