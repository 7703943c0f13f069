import { ConnectionWatch, type Port, type ProcessId, type Timer } from '@upon/contract'
import { IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { DemandTimer } from './demand-timer'
import { Heartbeats } from './heartbeats'
import type { Log } from './log'
import type { Member, Members } from './members'
import { SignsOfLife } from './signs-of-life'
import type { Wires } from './system-links'

/** The failure detector of a system: what it hears besides heartbeats, and when it is needed. */
export class Detection {
  readonly heartbeats = new Heartbeats()
  readonly #signs = new SignsOfLife()
  readonly #timer: DemandTimer
  #watcher: { readonly refused: (p: ProcessId) => void; readonly alive: (p: ProcessId) => void } = { refused: () => {}, alive: () => {} }
  #undecided = 0
  #hasTopics = false

  constructor(
    private readonly members: Members,
    private readonly wires: Wires,
    log: Log,
  ) {
    this.#timer = new DemandTimer(
      (ms) => log.info(`Increased timeout to ${(ms / 1000).toFixed(2)} seconds`),
      () => this.#vouch(),
    )
  }

  /** One for all topics, and at first it trusts the process of the highest rank. */
  layer(delayMs: number) {
    const timer: Port<Timer> = this.#timer
    const epfd = IncreasingTimeoutWithHints.over({ timer }).with({ delayMs })
    return MonarchicalEventualLeaderDetection.over({ epfd })
  }

  /** What the detector hears of connections. */
  port(): Port<ConnectionWatch> {
    return {
      sort: 'port',
      abstraction: ConnectionWatch,
      open: ({ indicate }) => {
        this.#watcher = indicate
        return { upon: {} }
      },
    }
  }

  heard(p: ProcessId): void {
    this.#signs.heard(p)
  }

  /** It has answered a heartbeat of ours. */
  answered(p: ProcessId): void {
    this.#signs.answered(p)
  }

  alive(p: ProcessId): void {
    this.#watcher.alive(p)
  }

  refused(p: ProcessId): void {
    this.#signs.refused(p)
    this.#watcher.refused(p)
  }

  /** Somebody elsewhere needs us for a while. */
  nudge(): void {
    this.#timer.nudge()
  }

  topicOpened(topic: string): void {
    this.#hasTopics = true
    this.heartbeats.topicOpened(topic)
  }

  set undecided(topics: number) {
    this.#undecided = topics
    this.heartbeats.waiting = topics > 0
    this.updateNeed()
  }

  /** The detector is needed while a topic is undecided here; and, once there is a topic, for as long as a foreign process may wait for us. */
  updateNeed(): void {
    const foreign = this.members.all.some((member: Member) => member !== this.members.self && !this.wires.isOurs(member))
    this.#timer.needed = this.#undecided > 0 || (this.#hasTopics && foreign)
  }

  /** Tells the detector whom we have heard from. */
  #vouch(): void {
    for (const p of this.#signs.take()) this.#watcher.alive(p)
  }
}
