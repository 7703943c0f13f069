/** The position of an item in a queue. */
export interface Place<T> {
  readonly item: T
}

interface Link<T> extends Place<T> {
  queue: LinkedQueue<T> | undefined
  previous: Link<T> | undefined
  next: Link<T> | undefined
}

/** A FIFO queue from which any item can be removed. Each operation takes constant time. */
export class LinkedQueue<T> {
  private head: Link<T> | undefined
  private tail: Link<T> | undefined
  private length = 0

  get size(): number {
    return this.length
  }

  /** The item whose turn it is. */
  get first(): T | undefined {
    return this.head?.item
  }

  push(item: T): Place<T> {
    const link: Link<T> = { item, queue: this, previous: this.tail, next: undefined }
    if (this.tail === undefined) this.head = link
    else this.tail.next = link
    this.tail = link
    this.length++
    return link
  }

  shift(): T | undefined {
    const { head } = this
    if (head !== undefined) this.remove(head)
    return head?.item
  }

  /** Takes an item out of turn. Returns whether it was still in this queue. */
  remove(place: Place<T>): boolean {
    const link = place as Link<T>
    if (link.queue !== this) return false
    if (link.previous === undefined) this.head = link.next
    else link.previous.next = link.next
    if (link.next === undefined) this.tail = link.previous
    else link.next.previous = link.previous
    link.queue = link.previous = link.next = undefined
    this.length--
    return true
  }
}
