import { Socket } from 'node:net'
import type { SenderContext } from './sender'

/** How an attempt failed, or a connection broke. */
export type ClassicFailure = NodeJS.ErrnoException | 'timeout'

export interface ClassicConnectionOwner {
  /** The connection stands. Now, and not later, it gets its frame. */
  onConnected(connection: ClassicConnection): void
  /** The system has taken its frame. */
  onWritten(connection: ClassicConnection): void
  onClosed(connection: ClassicConnection, failure: ClassicFailure): void
}

/** Node's handle of a socket, of which nothing else says whether the system has a connection that Node has not told of yet. */
interface Handle {
  getpeername?(into: object): number
}

/** One connection for one frame. */
export class ClassicConnection extends Socket {
  readonly startedAt = performance.now()
  readonly owner: ClassicConnectionOwner
  failure: ClassicFailure = 'timeout'

  constructor({ address: { host, port }, lookup }: SenderContext, owner: ClassicConnectionOwner) {
    super()
    this.owner = owner
    // nothing comes back on it
    this.pause().on('connect', connected).on('error', failed).on('close', closed).connect({ host, port, lookup })
  }

  /** Whether the connection stands, also when that is still to be told in this turn of the event loop. */
  get stands(): boolean {
    if (!this.connecting) return !this.destroyed
    const { _handle: handle } = this as unknown as { readonly _handle?: Handle | null }
    return handle?.getpeername?.({}) === 0
  }

  /** Sends the frame, once there is a connection, and closes it. */
  carry(frame: Uint8Array): void {
    this.write(frame, (error) => {
      if (error != null) return
      this.owner.onWritten(this)
      process.nextTick(destroy, this) // at once, Node would make an error, with a stack, that nobody sees
    })
  }
}

function destroy(connection: ClassicConnection): void {
  connection.destroy()
}

// One function each for all connections: there is a connection for every frame.

function connected(this: ClassicConnection): void {
  this.owner.onConnected(this)
}

function failed(this: ClassicConnection, error: NodeJS.ErrnoException): void {
  this.failure = error
}

function closed(this: ClassicConnection): void {
  this.owner.onClosed(this, this.failure)
}
