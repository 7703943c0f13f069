import { type Attached, misuse, type ProcessId, printable } from '@upon/contract'
import type { Address } from '../../address'
import { decodeMembership, describeMembership, difference, encodeMembership, type Membership } from '../../membership'
import type { Greeting, Verdict } from '../kept/reception'

/**
 * What a process and its peers tell each other when a kept connection begins, and who is refused: who knows other names or ranks, and a
 * process that has come back under the name of one that crashed. Who comes before the own process is made is judged when it is.
 */
export class Greetings {
  readonly #self: ProcessId
  readonly #addresses: ReadonlyMap<ProcessId, Address>
  readonly #terms: Membership['terms']
  /** What the peers have said. */
  readonly #heard = new Map<ProcessId, Membership>()
  /** Which starts of them came before there was a process; later ones the endpoint tells apart. */
  readonly #early = new Map<ProcessId, string>()
  #mine: Membership | undefined

  constructor(self: ProcessId, addresses: ReadonlyMap<ProcessId, Address>, terms: Membership['terms']) {
    this.#self = self
    this.#addresses = addresses
    this.#terms = terms
  }

  /** Empty as long as there is no process. */
  hello(): Uint8Array {
    return this.#mine === undefined ? new Uint8Array(0) : encodeMembership(this.#mine)
  }

  get hasProcess(): boolean {
    return this.#mine !== undefined
  }

  judge({ address, incarnation, payload }: Greeting): Verdict {
    if (payload.length === 0) return { peer: address } // it has no process yet: nothing that could be refused, and greets again
    const membership = decodeMembership(payload)
    if (membership === undefined) return { refuse: 'what it greets with is no description of a membership' }
    const { self } = membership
    const peer = this.#addresses.get(self)
    if (peer === undefined)
      return { refuse: `${printable(self)} is not among the processes here: ${[...this.#addresses.keys()].join(', ')}` }
    const early = this.#early.get(self)
    if (early !== undefined && early !== incarnation)
      return { refuse: `${printable(self)} was started again: one that has crashed stays away` }
    const differs = this.#mine === undefined ? undefined : difference(this.#mine, membership)
    if (differs !== undefined) return { refuse: differs }
    this.#heard.set(self, membership)
    if (this.#mine === undefined) this.#early.set(self, incarnation)
    return { peer }
  }

  /** Whether that process has said what it knows. */
  hasMet(p: ProcessId): boolean {
    return this.#heard.has(p)
  }

  /**
   * From now on there is a process. Says which peers were heard before, and of those who differs from it.
   * Throws `TypeError` where its processes are not those that have an address, or its ranks not those that peers were told.
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
