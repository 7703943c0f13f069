import { printable } from '@upon/contract'
import { HubError } from '../errors'
import { AddressBook, type Sender } from './address-book'

/** A process that registered. Its name is `owner-index`. */
export interface RegisteredProcess {
  readonly name: string
  readonly owner: string
  readonly index: number
  readonly host: string
  readonly port: number
  /** Whether it accepts kept-open connections; else one connection per message. */
  readonly isKept: boolean
  /** Known to be dead (`Hub.markCrashed`), until it registers again. */
  readonly isCrashed: boolean
  /** Which start of the process it is, where it says so. */
  readonly incarnation?: string | undefined
}

/**
 * `restarted`: known at this address, and restarted since; `moved`: known under another address before; `took-over`: another process had its
 * address, and is therefore gone.
 */
export interface Register {
  readonly how: 'new' | 'refreshed' | 'restarted' | 'moved' | 'took-over'
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
  readonly incarnation?: string | undefined
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
 * Who is there. A registration from the address of another process replaces that, which must be gone. Whether one from another address may take the place of
 * the process of its name is for the caller to say: `holder`.
 */
export class Registry {
  readonly #byName = new Map<string, RegisteredProcess>()
  readonly #addresses = new AddressBook<RegisteredProcess>()
  readonly #waiters = new Set<Waiter>()

  /** By owner, then index. */
  get processes(): RegisteredProcess[] {
    return [...this.#byName.values()].sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : a.index - b.index))
  }

  get(name: string): RegisteredProcess | undefined {
    return this.#byName.get(name)
  }

  at({ host, port }: { readonly host: string; readonly port: number }): RegisteredProcess | undefined {
    return this.#addresses.at(host, port)
  }

  sender(sender: Sender): RegisteredProcess | undefined {
    return this.#addresses.sender(sender)
  }

  /** Who has the name that is asked for, and listens elsewhere. */
  holder({ owner, index, host, port }: RegistrationRequest): RegisteredProcess | undefined {
    const known = this.#byName.get(processName(owner, index))
    return known && (known.host !== host || known.port !== port) ? known : undefined
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
    const evicted = this.at(request)
    if (known) this.#delete(known)
    if (evicted && evicted.name !== name) this.#delete(evicted)
    const process: RegisteredProcess = { name, ...request, isCrashed: false }
    this.#set(process)
    if (evicted && evicted.name !== name) return { how: 'took-over', process, replaced: evicted.name }
    if (!known) return { how: 'new', process }
    if (known.host !== request.host || known.port !== request.port)
      return { how: 'moved', process, replaced: `${known.host}:${known.port}` }
    const isRestarted = known.incarnation !== undefined && known.incarnation !== request.incarnation
    return { how: isRestarted ? 'restarted' : 'refreshed', process }
  }

  markCrashed(name: string): void {
    const known = this.#byName.get(name)
    if (!known) throw new HubError('unknown-process', `no process ${printable(name)} is registered`)
    this.#set({ ...known, isCrashed: true })
  }

  markKept(name: string): void {
    const known = this.#byName.get(name)
    if (!known || known.isKept) return
    this.#set({ ...known, isKept: true })
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
        const list = (all: Iterable<string>): string => printable([...all].join(', '), 500)
        const there = list(this.#byName.keys()) || 'nobody'
        settle(() => reject(new HubError(code, `${why} not registered: ${list(names)} (registered: ${there})`, names)))
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

  #delete(process: RegisteredProcess): void {
    this.#byName.delete(process.name)
    this.#addresses.delete(process)
  }

  #set(process: RegisteredProcess): void {
    this.#byName.set(process.name, process)
    this.#addresses.set(process)
    for (const waiter of this.#waiters) {
      if (waiter.missing().length === 0) waiter.done()
    }
  }
}

const OWNER = `an owner has 1 to ${LIMIT_OWNER} characters, none of them a space or control character`
const HOST = 'a host has 1 to 255 letters, digits, dots, colons, percent signs, hyphens and underscores'

function refusal({ owner, index, host, port }: RegistrationRequest): string | undefined {
  if (owner.length === 0 || owner.length > LIMIT_OWNER || /[\s\p{C}]/u.test(owner)) return `${OWNER}; found '${printable(owner)}'`
  if (!Number.isInteger(index) || index < 0) return `an index is 0 or more, found ${index}`
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `a listening port is 1 to 65535, found ${port}`
  if (host.length > 255 || !/^[\w.:%-]+$/.test(host)) return `${HOST}; found '${printable(host)}'`
  return undefined
}
