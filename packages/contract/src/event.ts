/**
 * A process, by its name. Names are unique within a system. The rank (`Context.rank`) orders processes, the name never does.
 */
export type ProcessId = string

/** The attributes of an event, positional as in the book: ⟨beb, Deliver | p, m⟩ has `[p: ProcessId, m: M]`. At most four. */
export type Attributes = readonly [a?: unknown, b?: unknown, c?: unknown, d?: unknown]

declare const attributes: unique symbol

/** An event that may be handled: pass it to `upon`. An event that may be triggered is a {@link Trigger}. */
export interface UponEvent<A extends readonly unknown[]> {
  readonly [attributes]: A
}

/** Triggers an event: appends it to the process's queue and returns at once. */
export type Trigger<A extends readonly unknown[]> = (...attributes: A) => void

/** Asks a query, which is answered at once. */
export type Ask<A extends readonly unknown[], R> = (...attributes: A) => R

type Last<A extends readonly unknown[]> = A extends readonly [...unknown[], infer L] ? L : never

/** The kinds of message that the last attribute of an event may be: `'READ' | 'WRITE'`. */
export type KindOf<A extends readonly unknown[]> = Last<A> extends { readonly kind: infer K extends string } ? K : never

/** The attributes of an event whose last one is a message of kind `K`. */
export type OfKind<A extends readonly unknown[], K extends string> = A extends readonly [...infer Before, infer L]
  ? [...Before, Extract<L, { readonly kind: K }>]
  : never
