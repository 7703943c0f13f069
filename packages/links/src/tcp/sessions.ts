/** What one sender has got through to us, over however many connections. */
export interface Session {
  /** Frames taken: handed to the layer above. */
  taken: number
  /** Closes the connection that this session is on. */
  disconnect: (() => void) | undefined
}

/** The sessions of the kept connections that come in, the last `limit` of them. */
export class Sessions {
  readonly #sessions = new Map<string, Session>()

  constructor(readonly limit: number) {}

  /**
   * The session of that id, now the most recent one, with its earlier connection closed: nothing more is taken from there.
   * A session not known here begins at `dropped`: what came before went to an earlier process, or is forgotten.
   */
  resume(id: string, dropped: number): Session {
    const session = this.#sessions.get(id) ?? { taken: 0, disconnect: undefined }
    session.taken = Math.max(session.taken, dropped)
    this.#sessions.delete(id)
    this.#sessions.set(id, session)
    session.disconnect?.()
    if (this.#sessions.size > this.limit) this.#forgetOldest()
    return session
  }

  #forgetOldest(): void {
    for (const [id, session] of this.#sessions) {
      if (session.disconnect !== undefined) continue
      this.#sessions.delete(id)
      return
    }
  }
}
