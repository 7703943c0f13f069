import type { AbstractionId, Message } from '@upon/protocol'
import type { Detection } from './detection'
import { DETECTOR_LINK, WAKING_LINK } from './heartbeats'
import { LIMIT_HELD_OF_LONG_PATHS, LimitError, LONG_PATH, type Names } from './limits'
import type { Member } from './members'
import type { SystemLinks } from './system-links'
import { Timestamps, timestampOf } from './timestamps'
import type { TopicHistory } from './topic-history'
import { epochOf, fromWire, linkAt, linkPath, MeaningError, type WireMessage } from './wire'

export interface ReceptionContext {
  readonly highestRank: number
  readonly links: SystemLinks
  readonly detection: Detection
  readonly history: TopicHistory
  readonly registers: Names
  readonly topics: Names
  /** How many messages are kept for instances to come. */
  held(): number
  /** Somebody talks to a topic. */
  talk(topic: string): void
  readonly refuse: (message: string, details: object) => void
}

/** What comes from the other processes of a system: refused if it means nothing here, or else handed to whom it is for. */
export class Reception {
  readonly #timestamps: Timestamps

  constructor(private readonly context: ReceptionContext) {
    this.#timestamps = new Timestamps(context.highestRank)
  }

  /** A message over the link at `to`. Throws `MeaningError` when it means nothing there, `LimitError` when it is too much. */
  receive(from: Member, to: string, message: Message): void {
    const path = linkPath(to)
    if (path === DETECTOR_LINK || path === WAKING_LINK) {
      this.#heartbeat(from, path, fromWire('epfd', message))
      return
    }
    const { id, speaker } = linkAt(path)
    const { registers, topics, detection } = this.context
    const name = id.index ?? ''
    const meant = fromWire(speaker, message)
    if (speaker === 'nnar') registers.check(name)
    else if (speaker === 'ec') {
      topics.check(name)
      detection.nudge()
    } else if (speaker === 'ep') this.#checkEpoch(name, path)
    else if (speaker === 'epfd') {
      this.#foreignHeartbeat(from, path, meant)
      return
    }
    const later = () => this.#takeLate(from, path, id, meant)
    if (this.#timestamps.admit(id, from.id, timestampOf(meant), later)) this.#take(from, path, id, meant)
  }

  stop(): void {
    this.#timestamps.stop()
  }

  #takeLate(from: Member, path: string, id: AbstractionId, meant: WireMessage): void {
    try {
      this.#take(from, path, id, meant)
    } catch (error) {
      if (!(error instanceof MeaningError || error instanceof LimitError)) throw error
      this.context.refuse(error.message, { path })
    }
  }

  #take(from: Member, path: string, id: AbstractionId, meant: WireMessage): void {
    const { detection, history, links, talk } = this.context
    const name = id.index ?? ''
    detection.heard(from.id)
    if (id.kind === 'uc') talk(name)
    if (meant.kind === 'NEWEPOCH') history.announced(name, meant.ts, from.id)
    const isOfEpoch = id.kind === 'uc' && id.within.startsWith('ep[')
    links.deliver(from.id, path, isOfEpoch ? history.heed(name, epochOf(id), from.id, meant) : meant)
  }

  /** What comes for an epoch that we have not entered is kept, path and all: not many with long paths. */
  #checkEpoch(topic: string, path: string): void {
    const { topics, held } = this.context
    topics.check(topic)
    if (path.length <= LONG_PATH || held() < LIMIT_HELD_OF_LONG_PATHS) return
    throw new LimitError(`${LIMIT_HELD_OF_LONG_PATHS} messages are kept already: no more with paths of over ${LONG_PATH} characters`)
  }

  /** From one of our own. */
  #heartbeat(from: Member, link: string, meant: WireMessage): void {
    const { detection, links } = this.context
    if (meant.kind === 'HEARTBEATREPLY') detection.answered(from.id)
    if (link === WAKING_LINK && meant.kind === 'HEARTBEATREQUEST') detection.nudge()
    links.deliver(from.id, DETECTOR_LINK, meant)
  }

  #foreignHeartbeat(from: Member, link: string, meant: WireMessage): void {
    const { detection, links } = this.context
    if (meant.kind === 'HEARTBEATREQUEST') {
      detection.heartbeats.heardOn(from.id, link)
      links.sendOn(from, link, { kind: 'HEARTBEATREPLY' })
      return
    }
    detection.answered(from.id)
    detection.alive(from.id)
  }
}
