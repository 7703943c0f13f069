import { LeaderBasedEpochChange, LeaderDrivenConsensus } from '@upon/consensus'
import {
  ConnectionWatch,
  type Outside,
  type PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type Timer,
  type Transport,
} from '@upon/contract'
import { IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import type { Message } from '@upon/protocol'
import { type HandlerError, type Observation, Process, systemTimer } from '@upon/runtime'
import { Application, type HubApplication, type Value } from './app'
import { DemandTimer } from './demand-timer'
import { DETECTOR_LINK, Heartbeats } from './heartbeats'
import type { Log } from './log'
import type { Member, Members } from './members'
import { SystemLinks, type Wires } from './system-links'
import { fromWire, linkAt } from './wire'

/** What a system reports to the hub. */
export interface Reports {
  delivered(value: Value): void
  writeReturned(register: string): void
  readReturned(register: string, value: Value): void
  decided(topic: string, value: Value): void
}

export interface SystemOptions {
  readonly id: string
  readonly members: Members
  readonly wires: Wires
  readonly reports: Reports
  readonly log: Log
  /** Δ of the failure detector, and its first delay. */
  readonly delayMs: number
  readonly observe?: ((observation: Observation) => void) | undefined
  readonly onCrash: (error: HandlerError) => void
}

/** One system that this process takes part in: a process of the runtime with the hub's stack, from its start to its destruction. */
export class System {
  readonly id: string
  readonly members: Members
  readonly app: Outside<HubApplication, unknown>
  readonly #process: Process<[Transport<PerfectPointToPointLinks>, Port<Timer>, Port<ConnectionWatch>]>
  readonly #links: SystemLinks
  readonly #heartbeats = new Heartbeats()
  readonly #timer: DemandTimer
  readonly #wires: Wires
  readonly #topics = new Set<string>()
  #refused: (p: ProcessId) => void = () => {}
  #undecided = 0

  constructor({ id, members, wires, reports, log, delayMs, observe, onCrash }: SystemOptions) {
    this.id = id
    this.members = members
    this.#wires = wires
    this.#links = new SystemLinks(id, members, this.#heartbeats, wires)
    this.#timer = new DemandTimer((ms) => log.info(`Increased timeout to ${(ms / 1000).toFixed(2)} seconds`))
    const links: Transport<PerfectPointToPointLinks> = this.#links
    this.#process = new Process({
      self: members.self.id,
      processes: members.all.map((member) => member.id),
      rank: (p) => members.get(p)?.rank ?? 0,
      supply: [links, systemTimer, this.#watch()],
      onMissing: (path) => this.#open(path),
      onUnknownKind: (path, message) => log.warn({ path, message }, 'no such message on this link: dropped'),
      onCrash,
      ...(observe && { observe, clock: () => performance.now() }),
    })
    this.app = this.#process.run(this.#stack(delayMs))
    this.#report(reports, log)
  }

  /** What the process could not use, and what it keeps. */
  get counters() {
    return {
      ...this.#process.counters,
      instances: Object.keys(this.#process.snapshot()).length,
      topics: this.#topics.size,
      undecided: this.#undecided,
    }
  }

  /** The state of every instance, by its path. */
  snapshot() {
    return this.#process.snapshot()
  }

  propose(topic: string, value: number): void {
    this.#topicOpened(topic)
    this.app.propose(topic, value)
  }

  /** A message over the link at `path`. Throws `MeaningError` when it means nothing there. */
  receive(from: Member, path: string, message: Message): void {
    if (path === DETECTOR_LINK) {
      this.#links.deliver(from.id, path, fromWire('epfd', message))
      return
    }
    const { id, speaker } = linkAt(path)
    const meant = fromWire(speaker, message)
    if (speaker === 'ec' && id.index !== undefined) this.#timer.nudge()
    if (speaker !== 'epfd') this.#links.deliver(from.id, path, meant)
    else if (meant.kind === 'HEARTBEATREPLY') this.#links.deliver(from.id, DETECTOR_LINK, meant)
    else {
      this.#heartbeats.heardOn(from.id, path)
      this.#links.sendOn(from, path, { kind: 'HEARTBEATREPLY' })
    }
  }

  /** Nobody listens where that process did. */
  peerRefused(member: Member): void {
    this.#refused(member.id)
  }

  /** It has become known of a process whether it is ours. */
  peerKnown(): void {
    this.#updateNeed()
  }

  stop(): void {
    this.#process.stop()
  }

  #stack(delayMs: number) {
    const timer: Port<Timer> = this.#timer
    const epfd = IncreasingTimeoutWithHints.over({ timer }).with({ delayMs })
    const eld = MonarchicalEventualLeaderDetection.over({ epfd })
    return Application.over({ uc: LeaderDrivenConsensus.over({ ec: LeaderBasedEpochChange.over({ eld }) }) })
  }

  #watch(): Port<ConnectionWatch> {
    return {
      sort: 'port',
      abstraction: ConnectionWatch,
      open: ({ indicate }) => {
        this.#refused = indicate.refused
        return { upon: {} }
      },
    }
  }

  #report(reports: Reports, log: Log): void {
    const { app } = this
    const { upon } = this.#process
    upon(app.deliver, (_p, value) => reports.delivered(value))
    upon(app.writeReturn, reports.writeReturned)
    upon(app.readReturn, reports.readReturned)
    upon(app.decide, reports.decided)
    upon(app.proposedAlready, (topic) => log.warn({ topic }, 'proposed for this topic already: dropped'))
    upon(app.undecided, (topics) => {
      this.#undecided = topics
      this.#updateNeed()
    })
  }

  /** A message came for an instance that is not there: a register or topic that a peer was the first to name is made now. */
  #open(path: string): void {
    const { kind, index } = linkAt(path).id
    if (kind === 'nnar' && index !== undefined) this.app.openRegister(index)
    if (kind !== 'uc' || index === undefined || this.#topics.has(index)) return
    this.#topicOpened(index)
    this.app.openTopic(index)
  }

  #topicOpened(topic: string): void {
    if (this.#topics.has(topic)) return
    this.#topics.add(topic)
    this.#heartbeats.topicOpened(topic)
  }

  /** The detector is needed while a topic is undecided here; and, once there is a topic, for as long as a foreign process may wait for us. */
  #updateNeed(): void {
    const foreign = this.members.all.some((member) => member !== this.members.self && !this.#wires.isOurs(member))
    this.#timer.needed = this.#undecided > 0 || (this.#topics.size > 0 && foreign)
  }
}
