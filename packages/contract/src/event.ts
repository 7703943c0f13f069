/**
 * A process, by its name. Names are unique within a system; what orders processes is their rank (`Context.rank`), never their name.
 */
export type ProcessId = string

/** The attributes of an event, positional as in the book: ⟨beb, Deliver | p, m⟩ has `[p: ProcessId, m: M]`. At most four. */
export type Attributes = readonly unknown[]

declare const attributes: unique symbol

/** An event that may be reacted upon: handed to `upon`. What may be triggered instead is a {@link Trigger}. */
export interface Event<A extends Attributes> {
  readonly [attributes]: A
}

/** Triggers an event: appends it to the process's queue and returns at once. */
export type Trigger<A extends Attributes> = (...attributes: A) => void

type Last<A extends Attributes> = A extends readonly [...unknown[], infer L] ? L : never

/** The kinds of message that the last attribute of an event may be: `'READ' | 'WRITE'`. */
export type KindOf<A extends Attributes> = Last<A> extends { readonly kind: infer K extends string } ? K : never

/** The attributes of an event whose last one is a message of kind `K`. */
export type OfKind<A extends Attributes, K extends string> = A extends readonly [...infer Before, infer L]
  ? [...Before, Extract<L, { readonly kind: K }>]
  : never
