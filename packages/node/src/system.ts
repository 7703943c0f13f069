import { LeaderDrivenConsensus, PacedEpochChange } from '@upon/consensus'
import {
  ConnectionWatch,
  type EventualLeaderDetector,
  type Outside,
  type PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type Timer,
  type Transport,
} from '@upon/contract'
import { IncreasingTimeoutWithHints, MonarchicalEventualLeaderDetection } from '@upon/fd'
import { consensusPath, type Message } from '@upon/protocol'
import { type HandlerError, type Observation, Process, systemTimer } from '@upon/runtime'
import { Application, type HubApplication, type Value } from './app'
import { DemandTimer } from './demand-timer'
import { DETECTOR_LINK, Heartbeats, WAKING_LINK } from './heartbeats'
import { LeaderNews } from './leader-news'
import { isStep, SystemLeaps, timestampOf } from './leaps'
import { LIMIT_HELD_OF_LONG_PATHS, LIMIT_OPERATIONS, LimitError, LONG_PATH, type NameBudget, Names } from './limits'
import type { Log } from './log'
import type { Member, Members } from './members'
import { RecordedWires } from './recording/recorded-wires'
import type { Recorder } from './recording/recorder'
import { RestingTopics } from './resting-topics'
import { SignsOfLife } from './signs-of-life'
import { SystemLinks, type Wires } from './system-links'
import { TopicHistory } from './topic-history'
import { epochOf, fromWire, linkAt, linkPath, type WireMessage } from './wire'

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
  readonly budgets: { readonly registers: NameBudget; readonly topics: NameBudget }
  /** Something was dropped, for it means nothing here. */
  readonly refuse: (message: string, details: object) => void
  /** Δ of the failure detector, and its first delay. */
  readonly delayMs: number
  readonly observe?: ((observation: Observation) => void) | undefined
  /** Sees every event, too; what it keeps is in its file before a message leaves. */
  readonly recorder?: Recorder | undefined
  readonly onCrash: (error: HandlerError) => void
}

/** One system that this process takes part in: a process of the runtime with the hub's stack, from its start to its destruction. */
export class System {
  readonly id: string
  readonly members: Members
  readonly #app: Outside<HubApplication, unknown>
  readonly #process: Process<[Transport<PerfectPointToPointLinks>, Port<Timer>, Port<ConnectionWatch>]>
  readonly #links: SystemLinks
  readonly #heartbeats = new Heartbeats()
  readonly #timer: DemandTimer
  readonly #leaderNews: LeaderNews
  readonly #resting: RestingTopics
  readonly #signs = new SignsOfLife()
  readonly #leaps: SystemLeaps
  readonly #history: TopicHistory
  readonly #wires: Wires
  readonly #recorder: Recorder | undefined
  readonly #registers: Names
  readonly #topics: Names
  /** The hub's reads and writes that are not answered yet. */
  #operations = 0
  #watcher: { readonly refused: (p: ProcessId) => void; readonly alive: (p: ProcessId) => void } = { refused: () => {}, alive: () => {} }
  #undecided = 0

  constructor({ id, members, wires, reports, log, budgets, refuse, delayMs, observe, recorder, onCrash }: SystemOptions) {
    this.id = id
    this.members = members
    this.#wires = recorder === undefined ? wires : new RecordedWires(wires, recorder)
    this.#recorder = recorder
    this.#registers = new Names(budgets.registers)
    this.#topics = new Names(budgets.topics)
    this.#leaps = new SystemLeaps(members.first.rank)
    this.#history = new TopicHistory(members, (message) => refuse(message, {}))
    this.#links = new SystemLinks(id, members, this.#heartbeats, this.#leaps, this.#history, this.#wires)
    this.#timer = new DemandTimer(
      (ms) => log.info(`Increased timeout to ${(ms / 1000).toFixed(2)} seconds`),
      () => this.#vouch(),
    )
    const links: Transport<PerfectPointToPointLinks> = this.#links
    this.#resting = new RestingTopics({
      states: (topic) => this.#process.snapshot(consensusPath(topic)),
      close: (topic) => {
        this.#leaderNews.rest(topic)
        this.#app.closeTopic(topic)
      },
    })
    this.#process = new Process({
      self: members.self.id,
      processes: members.all.map((member) => member.id),
      rank: (p) => members.get(p)?.rank ?? 0,
      supply: [links, systemTimer, this.#watch()],
      onMissing: (path) => this.#open(path),
      onUnclaimed: () => {}, // what no link of ours is for, is refused before
      onOverflow: (limit, path, from) => refuse('too many messages are kept for what is not there yet: dropped', { limit, path, from }),
      indexes: 'as they are', // as the protocol has them
      resume: (path) => this.#resting.take(path),
      onUnknownKind: (path, message) => refuse('no such message on this link: dropped', { path, message }),
      onCrash: (error) => {
        this.#release()
        this.#endRecording('crashed', false, error.message)
        onCrash(error)
      },
      ...observing(observe, recorder),
    })
    this.#leaderNews = new LeaderNews(members.first.id, (topic) => this.#wake(topic))
    const eld = this.#process.run(this.#detector(delayMs))
    this.#process.upon(eld.trust, (p) => this.#leaderNews.trust(p))
    this.#app = this.#process.run(this.#stack())
    this.#report(reports, refuse)
  }

  /** What the process could not use, and what it keeps. */
  get counters() {
    return {
      ...this.#process.counters,
      instances: Object.keys(this.#process.snapshot()).length,
      registers: this.#registers.size,
      topics: this.#topics.size,
      resting: this.#resting.size,
      operations: this.#operations,
      undecided: this.#undecided,
    }
  }

  /** Nothing is under way here: no operation, no topic undecided, no message or news kept for later. */
  get isQuiet(): boolean {
    return this.#operations === 0 && this.#undecided === 0 && this.#process.counters.held === 0 && this.#leaderNews.isSpread
  }

  /** The state of every instance, by its path. */
  snapshot() {
    return this.#process.snapshot()
  }

  broadcast(value: Value): void {
    this.#app.broadcast(value)
  }

  /** This and what follows: throws `LimitError` when we have too much of it already. */
  write(register: string, value: Value): void {
    this.#operate(register)
    this.#app.write(register, value)
  }

  read(register: string): void {
    this.#operate(register)
    this.#app.read(register)
  }

  propose(topic: string, value: number): void {
    this.#topicOpened(topic)
    this.#wake(topic)
    this.#app.propose(topic, value)
  }

  /** A message over the link at `path`. Throws `MeaningError` when it means nothing there. */
  receive(from: Member, to: string, message: Message): void {
    const path = linkPath(to)
    if (path === DETECTOR_LINK || path === WAKING_LINK) {
      this.#heartbeat(from, path, fromWire('epfd', message))
      return
    }
    const { id, speaker } = linkAt(path)
    const meant = fromWire(speaker, message)
    if (speaker === 'nnar') this.#registers.check(id.index ?? '')
    else if (speaker === 'ec') {
      this.#topics.check(id.index ?? '')
      this.#timer.nudge()
    } else if (speaker === 'ep') this.#checkEpoch(id.index ?? '', path)
    else if (speaker === 'epfd') {
      this.#foreignHeartbeat(from, path, meant)
      return
    }
    this.#leaps.of(id).take(id.index ?? '', timestampOf(meant))
    if (isStep(id, meant)) return
    this.#signs.heard(from.id)
    if (id.kind === 'uc') this.#talk(id.index ?? '')
    if (meant.kind === 'NEWEPOCH') this.#history.announced(id.index ?? '', meant.ts, from.id)
    const heeded = speaker === 'ep' ? this.#history.heed(id.index ?? '', epochOf(id), from.id, meant) : meant
    this.#links.deliver(from.id, path, heeded)
  }

  /** Nobody listens where that process did. */
  peerRefused(member: Member): void {
    this.#signs.refused(member.id)
    this.#watcher.refused(member.id)
  }

  /** It has become known of a process whether it is ours. */
  peerKnown(): void {
    this.#updateNeed()
  }

  stop(): void {
    const { isQuiet } = this
    this.#process.stop()
    this.#release()
    this.#endRecording('stopped', isQuiet)
  }

  #endRecording(...how: Parameters<Recorder['end']>): void {
    if (this.#wires instanceof RecordedWires) this.#wires.release()
    this.#recorder?.end(...how)
  }

  #release(): void {
    this.#leaderNews.stop()
    this.#resting.stop()
    this.#registers.release()
    this.#topics.release()
  }

  /** One for all topics, and at first it trusts the process of the highest rank. */
  #detector(delayMs: number) {
    const timer: Port<Timer> = this.#timer
    const epfd = IncreasingTimeoutWithHints.over({ timer }).with({ delayMs })
    return MonarchicalEventualLeaderDetection.over({ epfd })
  }

  #stack() {
    const eld: Port<EventualLeaderDetector> = this.#leaderNews
    return Application.over({ uc: LeaderDrivenConsensus.over({ ec: PacedEpochChange.over({ eld }) }) })
  }

  #watch(): Port<ConnectionWatch> {
    return {
      sort: 'port',
      abstraction: ConnectionWatch,
      open: ({ indicate }) => {
        this.#watcher = indicate
        return { upon: {} }
      },
    }
  }

  #report(reports: Reports, refuse: SystemOptions['refuse']): void {
    const app = this.#app
    const { upon } = this.#process
    upon(app.deliver, (_p, value) => reports.delivered(value))
    upon(app.writeReturn, (register) => {
      this.#operations--
      reports.writeReturned(register)
    })
    upon(app.readReturn, (register, value) => {
      this.#operations--
      reports.readReturned(register, value)
    })
    upon(app.decide, (topic, value) => {
      this.#history.decided(topic, value)
      this.#leaderNews.decided(topic)
      this.#resting.decided(topic)
      reports.decided(topic, value)
    })
    upon(app.proposedAlready, (topic) => refuse('proposed for this topic already: dropped', { topic }))
    upon(app.undecided, (topics) => {
      this.#undecided = topics
      this.#heartbeats.waiting = topics > 0
      this.#updateNeed()
    })
  }

  /** A message came for an instance that is not there: a register or topic that a peer was the first to name is made now. */
  #open(path: string): void {
    const { kind, index } = linkAt(path).id
    if (kind === 'nnar' && index !== undefined && this.#registers.add(index) === 'new') this.#app.openRegister(index)
    if (kind !== 'uc' || index === undefined) return
    if (this.#topics.has(index)) this.#wake(index)
    else {
      this.#topicOpened(index)
      this.#app.openTopic(index)
    }
  }

  /** A topic may rest: its instances are made again. */
  #wake(topic: string): void {
    if (this.#resting.wake(topic)) this.#app.openTopic(topic)
  }

  /** Somebody talks to a topic. */
  #talk(topic: string): void {
    this.#resting.touch(topic)
    this.#leaderNews.wake(topic)
  }

  #topicOpened(topic: string): void {
    if (this.#topics.add(topic) === 'new') this.#heartbeats.topicOpened(topic)
  }

  #operate(register: string): void {
    if (this.#operations >= LIMIT_OPERATIONS) throw new LimitError(`${LIMIT_OPERATIONS} operations wait for their turn already`)
    this.#registers.add(register)
    this.#operations++
  }

  /** What comes for an epoch that we have not entered is kept, path and all: not many with long paths. */
  #checkEpoch(topic: string, path: string): void {
    this.#topics.check(topic)
    if (path.length <= LONG_PATH || this.#process.counters.held < LIMIT_HELD_OF_LONG_PATHS) return
    throw new LimitError(`${LIMIT_HELD_OF_LONG_PATHS} messages are kept already: no more with paths of over ${LONG_PATH} characters`)
  }

  /** Tells the detector whom we have heard from. */
  #vouch(): void {
    for (const p of this.#signs.take()) this.#watcher.alive(p)
  }

  /** From one of our own. */
  #heartbeat(from: Member, link: string, meant: WireMessage): void {
    if (meant.kind === 'HEARTBEATREPLY') this.#signs.answered(from.id)
    if (link === WAKING_LINK && meant.kind === 'HEARTBEATREQUEST') this.#timer.nudge()
    this.#links.deliver(from.id, DETECTOR_LINK, meant)
  }

  #foreignHeartbeat(from: Member, link: string, meant: WireMessage): void {
    if (meant.kind === 'HEARTBEATREQUEST') {
      this.#heartbeats.heardOn(from.id, link)
      this.#links.sendOn(from, link, { kind: 'HEARTBEATREPLY' })
      return
    }
    this.#signs.answered(from.id)
    this.#watcher.alive(from.id)
  }

  /** The detector is needed while a topic is undecided here; and, once there is a topic, for as long as a foreign process may wait for us. */
  #updateNeed(): void {
    const foreign = this.members.all.some((member) => member !== this.members.self && !this.#wires.isOurs(member))
    this.#timer.needed = this.#undecided > 0 || (this.#topics.size > 0 && foreign)
  }
}

/** What the runtime is to show, and to whom: nothing if nobody looks. */
function observing(observe: SystemOptions['observe'], recorder: Recorder | undefined) {
  if (observe === undefined && recorder === undefined) return {}
  return {
    clock: () => performance.now(),
    observe: (observation: Observation) => {
      recorder?.observe(observation)
      observe?.(observation)
    },
  }
}
