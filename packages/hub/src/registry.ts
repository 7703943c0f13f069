import { HubError } from './errors'

/** A process that registered. Its name is `owner-index`. */
export interface RegisteredProcess {
  readonly name: string
  readonly owner: string
  readonly index: number
  readonly host: string
  readonly port: number
  /** Whether it accepts kept-open connections; else one connection a message. */
  readonly isKept: boolean
  /** Known to be dead (`Hub.markCrashed`), until it registers again. */
  readonly isCrashed: boolean
}

/** `moved`: known under another address before; `took-over`: its address was another process's, which is therefore gone. */
export interface Register {
  readonly how: 'new' | 'refreshed' | 'moved' | 'took-over'
  readonly process: RegisteredProcess
  /** Who or what was replaced, for the log. */
  readonly replaced?: string
}

export interface RegistrationRequest {
  readonly owner: string
  readonly index: number
  readonly host: string
  readonly port: number
  readonly isKept: boolean
}

/** Most processes that may be registered at a time. */
export const LIMIT_PROCESSES = 1024
const LIMIT_OWNER = 100

export const processName = (owner: string, index: number): string => `${owner}-${index}`

interface Waiter {
  readonly missing: () => readonly string[]
  readonly done: () => void
  readonly close: () => void
}

/**
 * Who is there. The newest registration wins: a process that registers again from another address has been restarted there, and one that registers
 * from the address of another can only do so because the other is gone.
 */
export class Registry {
  readonly #byName = new Map<string, RegisteredProcess>()
  readonly #waiters = new Set<Waiter>()

  #known: readonly RegisteredProcess[] = []

  /** By owner, then index. */
  get processes(): RegisteredProcess[] {
    return [...this.#known].sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.index - b.index))
  }

  /** In no particular order, and not to be changed. */
  get known(): readonly RegisteredProcess[] {
    return this.#known
  }

  get(name: string): RegisteredProcess | undefined {
    return this.#byName.get(name)
  }

  ofOwner(owner: string): RegisteredProcess[] {
    return this.processes.filter((process) => process.owner === owner)
  }

  /** Returns what changed, or the reason for which the request is refused. */
  register(request: RegistrationRequest): Register | string {
    const reason = refusal(request)
    if (reason !== undefined) return reason
    const name = processName(request.owner, request.index)
    const known = this.#byName.get(name)
    if (!known && this.#byName.size >= LIMIT_PROCESSES) return `${LIMIT_PROCESSES} processes are registered already`
    const process: RegisteredProcess = { name, ...request, isCrashed: false }
    const evicted = this.#known.find((other) => other.name !== name && other.host === request.host && other.port === request.port)
    if (evicted) this.#byName.delete(evicted.name)
    this.#byName.set(name, process)
    this.#changed()
    if (evicted) return { how: 'took-over', process, replaced: evicted.name }
    if (!known) return { how: 'new', process }
    if (known.host === request.host && known.port === request.port) return { how: 'refreshed', process }
    return { how: 'moved', process, replaced: `${known.host}:${known.port}` }
  }

  markCrashed(name: string): void {
    const known = this.#byName.get(name)
    if (!known) throw new HubError('unknown-process', `no process ${name} is registered`)
    this.#byName.set(name, { ...known, isCrashed: true })
    this.#changed()
  }

  markKept(name: string): void {
    const known = this.#byName.get(name)
    if (!known || known.isKept) return
    this.#byName.set(name, { ...known, isKept: true })
    this.#changed()
  }

  /** Resolves once all `wanted` names, or that many processes, are there and not crashed; rejects with `not-registered` after the time-out. */
  registered(wanted: readonly string[] | number, timeoutMs: number): Promise<void> {
    const missing = typeof wanted === 'number' ? () => this.#missingOf(wanted) : () => wanted.filter((name) => !this.#isThere(name))
    if (missing().length === 0) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        end()
      }
      const fail = (code: 'not-registered' | 'closed', why: string): void => {
        const names = missing()
        const there = [...this.#byName.keys()].join(', ') || 'nobody'
        settle(() => reject(new HubError(code, `${why} not registered: ${names.join(', ')} (registered: ${there})`, names)))
      }
      const waiter: Waiter = { missing, done: () => settle(resolve), close: () => fail('closed', 'the hub was closed;') }
      const timer = setTimeout(() => fail('not-registered', `after ${timeoutMs} ms`), timeoutMs)
      this.#waiters.add(waiter)
    })
  }

  #isThere(name: string): boolean {
    return this.#byName.get(name)?.isCrashed === false
  }

  #missingOf(count: number): string[] {
    const there = [...this.#byName.keys()].filter((name) => this.#isThere(name)).length
    return there >= count ? [] : [`${count - there} more of ${count} processes`]
  }

  /** Ends all waiting, as nobody can register any more. */
  close(): void {
    for (const waiter of this.#waiters) waiter.close()
    this.#waiters.clear()
  }

  #changed(): void {
    this.#known = [...this.#byName.values()]
    for (const waiter of this.#waiters) {
      if (waiter.missing().length === 0) waiter.done()
    }
  }
}

function refusal({ owner, index, host, port }: RegistrationRequest): string | undefined {
  if (owner.length === 0 || owner.length > LIMIT_OWNER || /[\s\p{C}]/u.test(owner)) {
    return `an owner has 1 to ${LIMIT_OWNER} characters, none of them a space or control character; found ${JSON.stringify(owner.slice(0, LIMIT_OWNER))}`
  }
  if (!Number.isInteger(index) || index < 0) return `an index is 0 or more, found ${index}`
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `a listening port is 1 to 65535, found ${port}`
  if (host.length === 0 || host.length > 255) return `a host has 1 to 255 characters, found ${host.length}`
  return undefined
}
