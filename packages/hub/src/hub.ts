import { printable } from '@upon/contract'
import { LimitedLog } from '@upon/transport'
import { ListenError, TcpEndpoint } from '@upon/transport/tcp'
import { checkName, checkValue, HubError } from './errors'
import type { HubEvent, Log, LogLevel } from './events'
import { type ConsensusOptions, checkTimeout, type HubCounters, type HubOptions, type StormOptions } from './hub-options'
import { Inbox } from './messages/inbox'
import { Incoming, noneIgnored } from './messages/incoming'
import { Outbox } from './messages/outbox'
import { Processes } from './processes/processes'
import { Registrar } from './processes/registrar'
import type { RegisteredProcess, RegistrationRequest } from './processes/registry'
import { type RecordingCounts, Recordings } from './recording/recordings'
import type { RecordedOperation } from './registers/history'
import { randomFrom } from './registers/random'
import { storm } from './registers/storm'
import type { BroadcastOutcome, ConsensusOutcome, ReadOutcome, StormOutcome, WriteOutcome } from './system/outcomes'
import { System } from './system/system'
import type { Member } from './system/system-port'

/** How long we keep trying to tell a process that it is not registered. */
const LIMIT_REPLY_MS = 3_000

/**
 * The hub: takes registrations, starts systems, commands processes and judges what they answer. Commands run concurrently as called; each resolves to an
 * outcome at the latest when the time-out is over, and rejects with HubError only if it cannot be carried out.
 */
export class Hub {
  readonly #processes = new Processes({ endpoint: () => this.#endpoint, system: () => this.#system })
  readonly #ignored = noneIgnored()
  readonly #nowMs = strictClock()
  readonly #random: () => number
  readonly #timeoutMs: number
  /** Who owed answers when its system ended. */
  #owing: ReadonlySet<string> = new Set()
  readonly #recordings: Recordings
  #endpoint!: TcpEndpoint
  #system: System | undefined
  #systems = 0
  #isClosed = false

  /** Throws HubError `cannot-listen`, `cannot-record`, or `bad-argument` for a time-out that is none. */
  static async listen(options: HubOptions): Promise<Hub> {
    const hub = new Hub(options)
    await hub.#listen()
    return hub
  }

  private constructor(private readonly options: HubOptions) {
    const { timeoutMs = 5_000, seed = 1 } = options
    this.#timeoutMs = checkTimeout(timeoutMs)
    this.#random = randomFrom(seed)
    this.#recordings = new Recordings(options.trace, this.#log, this.#nowMs)
  }

  get address(): { readonly host: string; readonly port: number } {
    return this.#endpoint.address
  }

  /** Everybody registered, by owner and index. */
  get processes(): readonly RegisteredProcess[] {
    return this.#processes.registry.processes
  }

  /** The system of now. */
  get current():
    | { readonly id: string; readonly members: readonly Member[]; readonly registers: string[]; readonly topics: string[] }
    | undefined {
    const system = this.#system
    return system && { id: system.id, members: system.members, registers: system.registers.names, topics: system.topics.names }
  }

  get counters(): HubCounters {
    return {
      ...{ ignored: { ...this.#ignored }, suppressedLines: this.#limited.suppressed, waitingBytes: this.#inbox.bytes },
      ...{ pending: this.#system?.pending ?? 0, endpoint: this.#endpoint.counters },
    }
  }

  /** What is recorded, if `trace` asks for it. */
  get recordings(): RecordingCounts {
    return this.#recordings.counts
  }

  /** Whether connections to the process are refused: nobody listens at its address at the moment. */
  isDown(process: string): boolean {
    const known = this.#processes.registry.get(process)
    return known !== undefined && this.#processes.isDown(known)
  }

  /** Resolves when all the named processes, or so many, are registered. Rejects with `not-registered`, whose `missing` names the others. */
  registered(wanted: readonly string[] | number, timeoutMs = this.#timeoutMs): Promise<void> {
    return this.#processes.registry.registered(wanted, timeoutMs)
  }

  /** The process is dead: it is waited for no more, and is in no later system unless it registers again. */
  markCrashed(process: string): void {
    this.#processes.crash(process)
    this.#emit({ type: 'crashed', process })
  }

  /** Destroys the current system and starts the next with all processes of these owners; ranks 1 to N by owner as given, then index. */
  async system(owners: readonly string[]): Promise<{ readonly id: string; readonly members: readonly Member[] }> {
    this.#checkOpen()
    const processes = this.#processes.ofOwners(owners)
    this.#endSystem()
    this.#systems += 1
    const context = { nowMs: this.#nowMs, random: this.#random, send: this.#outbox.command.bind(this.#outbox), emit: this.#emit.bind(this) }
    const id = `sys-${this.#systems}`
    const ranks = processes.map(({ name }, i) => ({ id: name, rank: i + 1 }))
    const system = new System(id, processes, context, this.#recordings.begin(id, ranks))
    this.#system = system
    for (const member of system.members) if (this.#processes.isDown(member)) system.unreachable(member, true)
    system.start()
    await new Promise((resolve) => setTimeout(resolve, this.options.settleMs ?? 100))
    return { id: system.id, members: system.members }
  }

  /** Makes `sender` broadcast; every process is to deliver the value. */
  async broadcast(sender: string, value: number): Promise<BroadcastOutcome> {
    checkValue(value)
    const [system, members] = this.#select([sender])
    return system.broadcasts.start(members[0]!, value, this.#timeoutMs)
  }

  /** Makes `processes` (default: all that live) write the value, all at once. */
  async write(register: string, value: number, processes?: readonly string[]): Promise<WriteOutcome> {
    checkName('register', register)
    checkValue(value)
    const [system, members] = this.#select(processes)
    return system.registers.write(register, value, members, this.#timeoutMs)
  }

  async read(register: string, processes?: readonly string[]): Promise<ReadOutcome> {
    checkName('register', register)
    const [system, members] = this.#select(processes)
    return system.registers.read(register, members, this.#timeoutMs)
  }

  /** Concurrent reads and writes from all sides; see `history` and `linearizable` for what to make of them. */
  async storm(register: string, { operations = 100, seed, processes }: StormOptions = {}): Promise<StormOutcome> {
    checkName('register', register)
    if (!Number.isSafeInteger(operations) || operations < 1) {
      throw new HubError('bad-argument', `a storm has 1 operation or more, found ${operations}`)
    }
    const [system, members] = this.#select(processes)
    const chosen = seed ?? Math.floor(this.#random() * 2 ** 31)
    return storm(system, system.registers, { register, operations, seed: chosen, members, timeoutMs: this.#timeoutMs })
  }

  /** Makes `processes` (default: all that live) propose in a topic new to the system, and judges what they decide. */
  async consensus(topic: string, { values = [], processes }: ConsensusOptions = {}): Promise<ConsensusOutcome> {
    checkName('topic', topic)
    values.forEach(checkValue)
    const [system, members] = this.#select(processes)
    if (values.length > members.length) {
      throw new HubError('bad-argument', `${values.length} values for ${members.length} processes: at most one each`)
    }
    return system.topics.start(topic, members, values, this.#timeoutMs)
  }

  /** Every operation on a register in the current system so far, by invocation; of pending ones there is no response. */
  history(register: string): RecordedOperation[] {
    return this.#system?.registers.history(register) ?? []
  }

  /** Destroys the system, ends all waiting, sends what is queued and closes the endpoint. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true
      this.#processes.close()
      this.#registrar.close()
      this.#endSystem()
      this.#limited.close()
    }
    await this.#endpoint.close()
  }

  async #listen(): Promise<void> {
    const { host, port } = this.options
    const note = (level: 'debug' | 'info' | 'warn', text: string, details?: object): void =>
      this.#log(level, details ? `${text} ${printable(JSON.stringify(details), 500)}` : text)
    try {
      this.#endpoint = await TcpEndpoint.listen({
        ...{ host, port, onLog: note },
        onFrame: (body, from) => this.#inbox.push(body, from),
        onPeerDown: (peer) => this.#processes.down(peer),
        onPeerUp: (peer) => this.#processes.up(peer),
        onPeerGivenUp: (peer) => this.#processes.down(peer),
      })
    } catch (error) {
      if (error instanceof ListenError) throw new HubError('cannot-listen', printable(error.message, 500), [], error)
      throw error
    }
  }

  #endSystem(): void {
    if (this.#system)
      this.#owing = new Set([...this.#system.owing, ...[...this.#owing].filter((name) => this.#processes.registry.get(name))])
    this.#system?.destroy()
    this.#system = undefined
  }

  /** The current system, and its members of these names, each once; all that live if none are named. */
  #select(names?: readonly string[]): [System, Member[]] {
    this.#checkOpen()
    const system = this.#system
    if (!system) throw new HubError('no-system', 'no system was started yet')
    return [system, system.select(names)]
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new HubError('closed', 'the hub is closed')
  }

  #reply(request: RegistrationRequest, refusal: string | undefined): void {
    this.#outbox.reply(request, refusal)
    if (refusal !== undefined) setTimeout(() => this.#processes.forget(request), LIMIT_REPLY_MS).unref()
  }

  readonly #log: Log = (level, text) => this.options.log?.(level, text)

  readonly #limited = new LimitedLog<LogLevel>((level, text) => this.#log(level, text))

  readonly #outbox = new Outbox(() => this.#endpoint, this.#log)

  readonly #registrar = new Registrar({
    ...{ registry: this.#processes.registry, ignored: this.#ignored, limited: this.#limited },
    isDown: (address) => this.#processes.isDown(address),
    reply: (to, refusal) => this.#reply(to, refusal),
    onRegistered: (result, before) => this.#processes.onRegistered(result, before),
    emit: (event) => this.#emit(event),
  })

  readonly #incoming = new Incoming({
    ...{ ignored: this.#ignored, log: this.#log, limited: this.#limited },
    system: () => this.#system,
    isRegistered: (sender) => this.#processes.registry.sender(sender) !== undefined,
    owesToEarlier: (process) => this.#owing.has(process),
    onRegistration: (registration, speaker) => this.#registrar.take(registration, speaker),
    onKept: (speaker) => {
      const process = this.#registrar.kept(speaker)
      if (process) this.#endpoint.upgrade(process)
    },
  })

  readonly #inbox = new Inbox(
    (body, from) => this.#incoming.receive(body, from),
    (body, from) => this.#incoming.isKnown(body, from),
  )

  #emit(event: HubEvent): void {
    this.options.onEvent?.(event)
  }
}

/** Milliseconds since the clock was made, with fractions; no two readings are equal, and later ones are higher. */
function strictClock(): () => number {
  const start = performance.now()
  let lastMs = -1
  return () => {
    const nowMs = performance.now() - start
    lastMs = nowMs > lastMs ? nowMs : lastMs + 1e-6
    return lastMs
  }
}
