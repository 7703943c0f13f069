import { Socket } from 'node:net'
import type { SenderContext } from './sender'

/** How an attempt failed, or a connection broke. */
export type ClassicFailure = NodeJS.ErrnoException | 'timeout'

export interface ClassicConnectionOwner {
  /** The connection is established. It must get its frame now. */
  onConnected(connection: ClassicConnection): void
  /** The operating system has taken its frame. */
  onWritten(connection: ClassicConnection): void
  onClosed(connection: ClassicConnection, failure: ClassicFailure): void
}

/** The internal handle of a socket in Node: only it shows a connection that is established but not announced yet. */
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
    // the peer sends nothing on it
    this.pause().on('connect', connected).on('error', failed).on('close', closed).connect({ host, port, lookup })
  }

  /** Whether the connection is established, even if `connect` is still to be emitted in this turn of the event loop. */
  get isEstablished(): boolean {
    if (!this.connecting) return !this.destroyed
    const { _handle: handle } = this as unknown as { readonly _handle?: Handle | null }
    return handle?.getpeername?.({}) === 0
  }

  /** Sends the frame, once there is a connection, and closes it. */
  carry(frame: Uint8Array): void {
    this.write(frame, (error) => {
      if (error != null) return
      this.owner.onWritten(this)
      process.nextTick(destroy, this) // now, Node would create an error with a stack that nobody sees
    })
  }
}

function destroy(connection: ClassicConnection): void {
  connection.destroy()
}

// One function for all connections, because there is a connection per frame.

function connected(this: ClassicConnection): void {
  this.owner.onConnected(this)
}

function failed(this: ClassicConnection, error: NodeJS.ErrnoException): void {
  this.failure = error
}

function closed(this: ClassicConnection): void {
  this.owner.onClosed(this, this.failure)
}
