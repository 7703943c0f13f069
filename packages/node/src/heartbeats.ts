import type { ProcessId } from '@upon/contract'
import { consensusPath } from '@upon/protocol'

/** The link of the one failure detector that serves all topics of a system. */
export const DETECTOR_LINK = 'eld.epfd.pl'

const detectorOf = (topic: string) => `${consensusPath(topic)}.ec.eld.epfd.pl`

/**
 * Where heartbeats go. Between our own processes one failure detector serves all topics, over one link. A foreign process has a
 * detector for each topic, and answers on the link of a topic that it knows: the one that it asked us on last, or else the newest.
 */
export class Heartbeats {
  readonly #heardOn = new Map<ProcessId, string>()
  #newest: string | undefined

  /** The link to ask process `p` on; none while there is no topic to ask about. */
  linkTo(p: ProcessId, isOurs: boolean): string | undefined {
    return isOurs ? DETECTOR_LINK : (this.#heardOn.get(p) ?? this.#newest)
  }

  topicOpened(topic: string): void {
    this.#newest = detectorOf(topic)
  }

  /** A foreign process has shown that it knows a topic. */
  heardOn(p: ProcessId, link: string): void {
    this.#heardOn.set(p, link)
  }
}
