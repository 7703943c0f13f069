import { printable } from '@upon/contract'
import type { LimitedLog } from '@upon/transport'
import type { Address } from '@upon/transport/tcp'
import type { HubEvent, LogLevel } from '../events'
import type { IgnoredCounters, Registration, Speaker } from '../messages/incoming'
import type { Sender } from './address-book'
import { LIMIT_PROCESSES, processName, type Register, type RegisteredProcess, type RegistrationRequest, type Registry } from './registry'

/** How long the process that has a name may take to turn out dead, before another that registers under it is refused. */
const CONTEST_MS = 1_000

export interface RegistrarContext {
  readonly registry: Registry
  readonly ignored: IgnoredCounters
  readonly limited: LimitedLog<LogLevel>
  isDown(address: Address): boolean
  /** To the process's listening address; `refusal`: why it is not registered. */
  reply(to: RegistrationRequest, refusal: string | undefined): void
  /** It is registered, where `before` was if it is not `undefined`. */
  onRegistered(result: Register, before: RegisteredProcess | undefined): void
  emit(event: HubEvent): void
}

/**
 * Takes registrations. The name of a process that keeps its connection is its own for as long as it lives: another process that registers under it is refused.
 * Whether one that keeps none lives, nobody can tell: the newest registration wins.
 */
export class Registrar {
  /** Registrations under the name of a process that may be gone, by that name. */
  readonly #contested = new Map<string, NodeJS.Timeout>()

  constructor(private readonly context: RegistrarContext) {}

  take({ owner, index, incarnation }: Registration, { saidHost, port, remoteHost, isKept }: Speaker): void {
    const request = { owner, index, host: saidHost || remoteHost, port, isKept, incarnation: incarnation?.slice(0, 100) }
    const holder = this.context.registry.holder(request)
    if (holder && this.#lives(holder)) this.#contest(holder, request)
    else this.#register(request)
  }

  /** Of a process that is registered, a message has shown that it keeps connections. */
  kept(sender: Sender): RegisteredProcess | undefined {
    const process = this.context.registry.sender(sender)
    if (!process || process.isKept) return process
    this.context.registry.markKept(process.name)
    return process
  }

  close(): void {
    for (const timer of this.#contested.values()) clearTimeout(timer)
  }

  #lives(holder: RegisteredProcess): boolean {
    return holder.isKept && !holder.isCrashed && !this.context.isDown(holder)
  }

  /** When a process is restarted elsewhere, its old connection may break a moment later. */
  #contest(holder: RegisteredProcess, request: RegistrationRequest): void {
    clearTimeout(this.#contested.get(holder.name))
    const decide = () => {
      this.#contested.delete(holder.name)
      const current = this.context.registry.holder(request)
      if (!current || !this.#lives(current)) return this.#register(request)
      const where = `${current.host}:${current.port}`
      this.#refuse(request, `${current.name} is registered from ${where}, and lives: end it first, or take another owner or index`)
    }
    this.#contested.set(holder.name, setTimeout(decide, CONTEST_MS))
  }

  #register(request: RegistrationRequest): void {
    const { registry, limited } = this.context
    const before = registry.get(processName(request.owner, request.index))
    const result = registry.register(request)
    if (typeof result === 'string') {
      this.#refuse(request, result)
      return
    }
    const { host, port } = request
    const { how, replaced, process } = result
    this.context.onRegistered(result, before)
    if (request.isKept) this.context.reply(request, undefined)
    const text = {
      moved: `${process.name} registered from ${host}:${port}, and takes the place of the one at ${replaced}`,
      'took-over': `${process.name} registered from the address of ${replaced}, which is gone`,
      restarted: `${process.name} was restarted at ${host}:${port}: the process of that name that was in a system is gone`,
    }
    if (how in text) limited.line('warn', { kind: how, subject: host }, () => text[how as keyof typeof text])
    if (!limited.allows('info', { kind: 'registered', subject: process.name, linesPerKind: 2 * LIMIT_PROCESSES })) return
    this.context.emit({ type: 'registered', process: process.name, host, port, how })
  }

  #refuse(request: RegistrationRequest, reason: string): void {
    const { owner, index, host, port, isKept } = request
    this.context.ignored.refused += 1
    const who = `'${printable(owner)}' ${index} from ${printable(host)}:${port}`
    if (
      !this.context.limited.line(
        'warn',
        { kind: 'refused', subject: printable(host) },
        () => `refused the registration of ${who}: ${reason}`,
      )
    )
      return
    if (isKept) this.context.reply(request, reason)
    this.context.emit({ type: 'refused', reason })
  }
}
