import type { ProcessId } from '@upon/contract'
import { consensusPath } from '@upon/protocol'

/** The link of the one failure detector that serves all topics of a system. */
export const DETECTOR_LINK = 'eld.epfd.pl'

/**
 * The same link, for the requests of a process that waits for a decision. They wake the detector of one that waits for none: it may
 * have to lead, and would not learn by itself that whom it trusts is gone.
 */
export const WAKING_LINK = 'eld.epfd.wake.pl'

const detectorOf = (topic: string) => `${consensusPath(topic)}.ec.eld.epfd.pl`

/**
 * Where heartbeats go. Between our own processes one failure detector serves all topics, over one link. A foreign process has a
 * detector for each topic, and answers on the link of a topic that it knows: the one that it asked us on last, or else the newest.
 */
export class Heartbeats {
  readonly #heardOn = new Map<ProcessId, string>()
  #newest: string | undefined
  /** We wait for a decision. */
  waiting = false

  /** The link to ask process `p` on; none while there is no topic to ask about. */
  linkTo(p: ProcessId, isOurs: boolean): string | undefined {
    if (isOurs) return this.waiting ? WAKING_LINK : DETECTOR_LINK
    return this.#heardOn.get(p) ?? this.#newest
  }

  topicOpened(topic: string): void {
    this.#newest = detectorOf(topic)
  }

  /** A foreign process has shown that it knows a topic. */
  heardOn(p: ProcessId, link: string): void {
    this.#heardOn.set(p, link)
  }
}
