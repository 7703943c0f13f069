import { LeaderDrivenConsensus, PacedEpochChange } from '@upon/consensus'
import type { ConnectionWatch, EventualLeaderDetector, Outside, PerfectPointToPointLinks, Port, Timer, Transport } from '@upon/contract'
import { consensusPath, type Message } from '@upon/protocol'
import { Process, systemTimer } from '@upon/runtime'
import { Application, type HubApplication, type Value } from './app'
import { Detection } from './detection'
import { LeaderNews } from './leader-news'
import { LIMIT_OPERATIONS, LimitError, Names } from './limits'
import type { Member, Members } from './members'
import { Reception } from './reception'
import { observing } from './recording/observing'
import { RecordedWires } from './recording/recorded-wires'
import type { Recorder } from './recording/recorder'
import { RestingTopics } from './resting-topics'
import { SystemLinks, type Wires } from './system-links'
import type { Reports, SystemOptions } from './system-options'
import { TopicHistory } from './topic-history'
import { linkAt } from './wire'

/** One system that this process takes part in: a process of the runtime with the hub's stack, from its start to its destruction. */
export class System {
  readonly id: string
  readonly members: Members
  readonly #app: Outside<HubApplication, unknown>
  readonly #process: Process<[Transport<PerfectPointToPointLinks>, Port<Timer>, Port<ConnectionWatch>]>
  readonly #detection: Detection
  readonly #leaderNews: LeaderNews
  readonly #resting: RestingTopics
  readonly #reception: Reception
  readonly #history: TopicHistory
  readonly #wires: Wires
  readonly #recorder: Recorder | undefined
  readonly #registers: Names
  readonly #topics: Names
  /** The hub's reads and writes that are not answered yet. */
  #operations = 0
  #undecided = 0

  constructor({ id, members, wires, reports, log, budgets, refuse, delayMs, observe, recorder, onCrash }: SystemOptions) {
    this.id = id
    this.members = members
    this.#wires = recorder === undefined ? wires : new RecordedWires(wires, recorder)
    this.#recorder = recorder
    this.#registers = new Names(budgets.registers)
    this.#topics = new Names(budgets.topics)
    this.#detection = new Detection(members, this.#wires, log)
    this.#history = new TopicHistory(members, (message) => refuse(message, {}))
    const links = new SystemLinks(id, members, this.#detection.heartbeats, this.#history, this.#wires)
    this.#reception = new Reception({
      ...{ highestRank: members.first.rank, links, detection: this.#detection, history: this.#history },
      ...{ registers: this.#registers, topics: this.#topics, refuse },
      held: () => this.#process.counters.held,
      talk: (topic) => this.#talk(topic),
    })
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
      supply: [links, systemTimer, this.#detection.port()],
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
    const eld = this.#process.run(this.#detection.layer(delayMs))
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

  /** A message over the link at `to`. Throws `MeaningError` when it means nothing there. */
  receive(from: Member, to: string, message: Message): void {
    this.#reception.receive(from, to, message)
  }

  /** Nobody listens where that process did. */
  peerRefused(member: Member): void {
    this.#detection.refused(member.id)
  }

  /** It has become known of a process whether it is ours. */
  peerKnown(): void {
    this.#detection.updateNeed()
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
    this.#reception.stop()
    this.#leaderNews.stop()
    this.#resting.stop()
    this.#registers.release()
    this.#topics.release()
  }

  #stack() {
    const eld: Port<EventualLeaderDetector> = this.#leaderNews
    return Application.over({ uc: LeaderDrivenConsensus.over({ ec: PacedEpochChange.over({ eld }) }) })
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
      this.#detection.undecided = topics
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
    if (this.#topics.add(topic) === 'new') this.#detection.topicOpened(topic)
  }

  #operate(register: string): void {
    if (this.#operations >= LIMIT_OPERATIONS) throw new LimitError(`${LIMIT_OPERATIONS} operations wait for their turn already`)
    this.#registers.add(register)
    this.#operations++
  }
}
