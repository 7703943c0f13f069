import { APP, consensusPath, type Message, registerPath } from '@upon/protocol'
import type { Recorder } from '../system/recorder'
import { OpenOperations } from './open-operations'
import type { TraceFile } from './trace-file'

type Value = number | undefined

/** Stands for the sender of what nobody broadcast. No process is called so: their names have an index. */
const SOMEBODY = 'somebody'

/** A topic that nobody can have proposed in stands for the one that is not known. */
const NO_TOPIC = ''

/**
 * Records one system as the hub sees it: of each process, ours or not, what it was asked and what it reported, as events of the modules that the
 * application uses (`BestEffortBroadcast`, `AtomicRegister`, `UniformConsensus`), under the paths that our own processes have for them.
 *
 * A request stands where the hub sent it, before the process could have it, and an indication where it arrived, after the process gave it: what was
 * before stays before, and intervals get only wider. So no property is found violated that was not, as long as links deliver what was sent, once:
 * - UC2, UC4 (validity, agreement) and BEB3 (no creation) hold of a trace with wider intervals, and with indications left out, if they hold of the run.
 * - UC3 and BEB2 (once) count what a process itself reported. A delivery names no sender: of equal values, the n-th is taken to be the n-th
 *   broadcast, so there is one too many only if there were too many for any sender.
 * - NNAR2 (atomicity): what is linearizable stays so in wider intervals. Which of several operations under way an answer belongs to, it does not say;
 *   see `OpenOperations`.
 *
 * Whatever might mislead is left out, for less seen is never more blamed: decisions of which the topic is a guess, and everything that does not say which
 * system it is of, unless there was no earlier one. (If so, what does not name its topic is not recorded any more either, as the hub may have taken it in.)
 * Liveness is not judged: the trace is `cut`, for the hub cannot tell what is late from what never comes.
 */
export class SystemRecorder implements Recorder {
  readonly #senders = new Map<Value, string[]>()
  /** How often each process delivered each value. */
  readonly #delivered = new Map<string, Map<Value, number>>()
  readonly #operations = new OpenOperations()
  readonly #crashed = new Set<string>()
  #areTopicsClear = true
  /** It may be of an earlier system. */
  #isDoubtful = false

  constructor(
    private readonly file: Pick<TraceFile, 'event' | 'crash' | 'end'>,
    /** A message that names no system cannot mean an earlier system of this hub. */
    private readonly isFirst: boolean,
  ) {}

  /** A command is about to leave. */
  commanded(process: string, { appBroadcast, appPropose, appRead, appWrite }: Message): void {
    if (appBroadcast) this.#broadcast(process, appBroadcast.value?.v)
    else if (appPropose) this.#consensus(process, 'request', 'propose', appPropose.topic, appPropose.value?.v)
    else if (appRead) {
      this.#operations.begin(process, appRead.register, 'read')
      this.#register(process, 'request', 'read', appRead.register, [])
    } else if (appWrite) {
      this.#operations.begin(process, appWrite.register, 'write')
      this.#register(process, 'request', 'write', appWrite.register, [appWrite.value?.v])
    }
  }

  /** What is reported next names this system. */
  receiving(systemId: string): void {
    this.#isDoubtful = systemId === '' && !this.isFirst
    if (this.#isDoubtful) this.#areTopicsClear = false
  }

  delivered(process: string, value: Value): void {
    if (this.#isDoubtful) return
    const counts = this.#delivered.get(process) ?? new Map<Value, number>()
    this.#delivered.set(process, counts)
    const earlier = counts.get(value) ?? 0
    counts.set(value, earlier + 1)
    const senders = this.#senders.get(value) ?? [SOMEBODY]
    this.#beb(process, 'indication', 'deliver', [senders[earlier] ?? senders.at(-1), appValue(value)])
  }

  readReturned(process: string, register: string, value: Value): void {
    if (this.#isDoubtful) return
    const times = this.#operations.end(process, register, 'read')
    if (times > 0) this.#register(process, 'indication', 'readReturn', register, [value])
  }

  writeReturned(process: string, register: string): void {
    if (this.#isDoubtful) return
    const times = this.#operations.end(process, register, 'write')
    for (let i = 0; i < times; i += 1) this.#register(process, 'indication', 'writeReturn', register, [])
  }

  /** `named`: the report says the topic; `found`: the hub is sure of it, as far as it was of the others until then; `guessed`: it is not. */
  decided(process: string, topic: string | undefined, value: Value, how: 'named' | 'found' | 'guessed'): void {
    if (how === 'guessed') this.#areTopicsClear = false
    if (how === 'named' ? this.#isDoubtful : !this.#areTopicsClear) return
    this.#consensus(process, 'indication', 'decide', topic ?? NO_TOPIC, value)
  }

  /** The trace says so at its end: what the process had said before may arrive after, and when it crashed the hub cannot know. */
  crashed(process: string): void {
    this.#crashed.add(process)
  }

  /** The system is over. */
  end(): void {
    for (const process of this.#crashed) this.file.crash(process)
    this.file.end()
  }

  #broadcast(process: string, value: Value): void {
    const senders = this.#senders.get(value)
    if (senders) senders.push(process)
    else this.#senders.set(value, [process])
    this.#beb(process, 'request', 'broadcast', [appValue(value)])
  }

  #beb(process: string, direction: 'request' | 'indication', event: string, attributes: readonly unknown[]): void {
    this.file.event({ process, path: `${APP}.beb`, module: 'BestEffortBroadcast', direction, event, attributes })
  }

  #register(process: string, direction: 'request' | 'indication', event: string, register: string, attributes: readonly unknown[]): void {
    this.file.event({ process, path: registerPath(register), module: 'AtomicRegister', direction, event, attributes })
  }

  #consensus(process: string, direction: 'request' | 'indication', event: string, topic: string, value: Value): void {
    this.file.event({ process, path: consensusPath(topic), module: 'UniformConsensus', direction, event, attributes: [value] })
  }
}

/** What processes broadcast for the application. */
const appValue = (value: Value) => ({ kind: 'APP_VALUE', value })
