/** The sender of a session. */
export interface SessionOwner {
  readonly incarnation: string
  /** The listening address of the process, as text. */
  readonly peer: string
}

/** What we have received from one sender, over all its connections. */
export interface Session {
  readonly owner: SessionOwner | undefined
  /** The index of its first frame here, and how many frames have been passed to the layer above. */
  readonly from: number
  taken: number
  /** The number of its latest connection. */
  connection: number
  /** Closes the current connection of this session. */
  disconnect: (() => void) | undefined
}

/**
 * The sessions of incoming kept connections: all that are connected, and of the others the last `limit` of peers and the last `limit` of
 * strangers. A session without a received frame is not remembered.
 */
export class Sessions {
  readonly #connected = new Map<string, Session>()
  readonly #away = { peers: new Map<string, Session>(), strangers: new Map<string, Session>() }

  constructor(readonly limit: number) {}

  get(id: string): Session | undefined {
    return this.#connected.get(id) ?? this.#away.peers.get(id) ?? this.#away.strangers.get(id)
  }

  /**
   * The session of that id, now connected. Its earlier connection is closed: nothing more is read from it.
   * An unknown session begins at `dropped`: the frames before it went to an earlier process, or are forgotten.
   */
  resume(id: string, dropped: number, owner?: SessionOwner): Session {
    const known = this.get(id)
    known?.disconnect?.()
    const session = known ?? { owner, from: dropped, taken: dropped, connection: -1, disconnect: undefined }
    session.taken = Math.max(session.taken, dropped)
    this.#away.peers.delete(id)
    this.#away.strangers.delete(id)
    this.#connected.set(id, session)
    return session
  }

  /** The connection of that session is closed. */
  left(id: string, whose: 'peers' | 'strangers' = 'strangers'): void {
    const session = this.#connected.get(id)
    if (session === undefined) return
    session.disconnect = undefined
    this.#connected.delete(id)
    if (session.taken === session.from) return
    const away = this.#away[whose]
    away.set(id, session)
    if (away.size > this.limit) for (const oldest of away.keys()) return void away.delete(oldest)
  }

  /** Another incarnation is at the address of that peer: the sessions of those before it end, and their connections are closed. */
  replaced({ peer, incarnation }: SessionOwner): void {
    for (const sessions of [this.#connected, this.#away.peers, this.#away.strangers])
      for (const [id, session] of sessions) {
        if (session.owner?.peer !== peer || session.owner.incarnation === incarnation) continue
        session.disconnect?.()
        sessions.delete(id)
      }
  }
}
