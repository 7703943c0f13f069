import { type Attached, misuse, type ProcessId, printable } from '@upon/contract'
import type { Address } from '../../address'
import { decodeMembership, describeMembership, difference, encodeMembership, type Membership } from '../../membership'
import type { Greeting, Verdict } from '../kept/reception'

/**
 * The greetings that a process and its peers exchange when a kept connection begins. Peers with other names or ranks are refused, and so is a
 * process that has come back under the name of one that crashed. Greetings that arrive before this process is attached are judged then.
 */
export class Greetings {
  readonly #self: ProcessId
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #terms: Membership['terms']
  /** The greetings of the peers. */
  readonly #heard = new Map<ProcessId, Membership>()
  /** The incarnations that have sent greetings before a process was attached; from then on the endpoint compares incarnations. */
  readonly #early = new Map<ProcessId, string>()
  #mine: Membership | undefined

  constructor(self: ProcessId, addresses: ReadonlyMap<ProcessId, Address>, terms: Membership['terms']) {
    this.#self = self
    this.#addresses = addresses
    this.#terms = terms
  }

  /** Empty while no process is attached. */
  hello(): Uint8Array {
    return this.#mine === undefined ? new Uint8Array(0) : encodeMembership(this.#mine)
  }

  get hasProcess(): boolean {
    return this.#mine !== undefined
  }

  judge({ address, incarnation, payload }: Greeting): Verdict {
    if (payload.length === 0) return { peer: address } // no process is attached there yet: it will greet again
    const membership = decodeMembership(payload)
    if (membership === undefined) return { refuse: 'its greeting is not a membership' }
    const { self } = membership
    const peer = this.#addresses.get(self)
    if (peer === undefined)
      return { refuse: `${printable(self)} is not among the processes here: ${[...this.#addresses.keys()].join(', ')}` }
    const early = this.#early.get(self)
    if (early !== undefined && early !== incarnation)
      return { refuse: `${printable(self)} was started again: a crashed process must not come back` }
    const differs = this.#mine === undefined ? undefined : difference(this.#mine, membership)
    if (differs !== undefined) return { refuse: differs }
    this.#heard.set(self, membership)
    if (this.#mine === undefined) this.#early.set(self, incarnation)
    return { peer }
  }

  /** Whether that process has sent its greeting. */
  hasGreeted(p: ProcessId): boolean {
    return this.#heard.has(p)
  }

  /**
   * Attaches the process. Returns whether peers have greeted before, and those among them that differ from it.
   * Throws `TypeError` if its processes are not those that have an address, or its ranks differ from those that were sent to peers.
   */
  attach(process: Attached): { readonly heard: boolean; readonly strangers: ReadonlySet<ProcessId> } {
    if (process.self !== this.#self) throw misuse(`these are the links of ${printable(this.#self)}, and not of ${printable(process.self)}`)
    const without = process.processes.find((p) => !this.#addresses.has(p))
    if (without !== undefined) throw misuse(`process ${printable(without)} is not among the peers`)
    const more = [...this.#addresses.keys()].find((p) => !process.processes.includes(p))
    if (more !== undefined) throw misuse(`${printable(more)} is among the peers, and not among the processes`)
    const mine = describeMembership(process, undefined, this.#terms)
    const differs = this.#mine && difference({ ...this.#mine, self: '' }, mine)
    if (differs !== undefined) throw misuse(`messages were sent under other ranks before: ${differs}`)
    this.#mine ??= mine
    const strangers = [...this.#heard].filter(([, membership]) => difference(mine, membership) !== undefined).map(([p]) => p)
    const heard = this.#heard.size > 0
    for (const p of strangers) this.#heard.delete(p)
    return { heard, strangers: new Set(strangers) }
  }
}
