/** Whose traffic a session is. */
export interface SessionOwner {
  readonly incarnation: string
  /** The address of the process, as one text. */
  readonly peer: string
}

/** What one sender has got through to us, over however many connections. */
export interface Session {
  readonly owner: SessionOwner | undefined
  /** Where it began, and how many frames have been taken since the first: handed to the layer above. */
  readonly from: number
  taken: number
  /** The latest connection that it was on. */
  connection: number
  /** Closes the connection that this session is on. */
  disconnect: (() => void) | undefined
}

/**
 * The sessions of the kept connections that come in: all that are connected, and of those that are not, the last `limit` of peers and the last
 * `limit` of strangers. Of a session nothing of which was taken, there is nothing to remember.
 */
export class Sessions {
  readonly #connected = new Map<string, Session>()
  readonly #away = { peers: new Map<string, Session>(), strangers: new Map<string, Session>() }

  constructor(readonly limit: number) {}

  get(id: string): Session | undefined {
    return this.#connected.get(id) ?? this.#away.peers.get(id) ?? this.#away.strangers.get(id)
  }

  /**
   * The session of that id, now connected, with its earlier connection closed: nothing more is taken from there.
   * A session not known here begins at `dropped`: what came before went to an earlier process, or is forgotten.
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

  /** Another incarnation is at that peer's address: what came from those before is over, and their connections are closed. */
  replaced({ peer, incarnation }: SessionOwner): void {
    for (const sessions of [this.#connected, this.#away.peers, this.#away.strangers])
      for (const [id, session] of sessions) {
        if (session.owner?.peer !== peer || session.owner.incarnation === incarnation) continue
        session.disconnect?.()
        sessions.delete(id)
      }
  }
}
