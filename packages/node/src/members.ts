import { firstLeader, type ProcessId } from '@upon/contract'
import type * as Wire from '@upon/protocol'
import type { Address } from '@upon/transport/tcp'

/** A process of a system, as the hub's list has it. */
export interface Member {
  readonly id: ProcessId
  readonly address: Address
  readonly rank: number
}

/** The hub's list of processes cannot be used, and why. */
export class MembershipError extends Error {
  override readonly name = 'MembershipError'
}

/** Epochs start from the ranks, and must not run out of timestamps. */
const HIGHEST_RANK = 2 ** 20

export const addressKey = ({ host, port }: Address) => `${host}:${port}`

const nameOf = ({ owner, index }: Wire.ProcessId) => `${owner}-${index}`

/** Who we are: how to find us in the hub's list. */
export interface Identity {
  readonly owner: string
  readonly index: number
  /** Where we listen. */
  readonly address: Address
}

/** The processes of one system: by name, by address, by rank. */
export class Members {
  readonly all: readonly Member[]
  readonly self: Member
  /** All trust it at the start. */
  readonly first: Member
  readonly #byId: ReadonlyMap<ProcessId, Member>
  readonly #byAddress: ReadonlyMap<string, Member>
  readonly #byPort = new Map<number, Member | 'several'>()

  /** Throws `MembershipError` when the list is empty, names anything twice, has an impossible port or rank, or does not have us. */
  constructor(list: readonly Wire.ProcessId[], identity: Identity) {
    if (list.length === 0) throw new MembershipError('the list of processes is empty')
    const names = new Set<string>()
    this.all = list.map((entry) => {
      const id = names.has(nameOf(entry)) ? `${nameOf(entry)}@${entry.host}:${entry.port}` : nameOf(entry)
      names.add(id)
      return { id, address: { host: entry.host, port: entry.port }, rank: entry.rank }
    })
    for (const { id, address, rank } of this.all) {
      if (address.host === '') throw new MembershipError(`${id} has no host`)
      if (address.port < 1 || address.port > 65_535) throw new MembershipError(`${id} has port ${address.port}; ports are from 1 to 65535`)
      if (rank < 0 || rank > HIGHEST_RANK) throw new MembershipError(`${id} has rank ${rank}; ranks are from 0 to ${HIGHEST_RANK}`)
    }
    this.#byId = unique(this.all, ({ id }) => id, 'process')
    this.#byAddress = unique(this.all, ({ address }) => addressKey(address), 'address')
    unique(this.all, ({ rank }) => String(rank), 'rank')
    for (const member of this.all) {
      const { port } = member.address
      this.#byPort.set(port, this.#byPort.has(port) ? 'several' : member)
    }
    const self = indexOfSelf(list, identity)
    if (self === -1) throw new MembershipError(`we, ${identity.owner}-${identity.index} on port ${identity.address.port}, are not in it`)
    this.self = this.all[self] as Member
    const byRank = this.all.toSorted((a, b) => a.rank - b.rank).map(({ id }) => id)
    this.first = this.#byId.get(firstLeader(byRank)) as Member
  }

  get(id: ProcessId): Member | undefined {
    return this.#byId.get(id)
  }

  at(address: Address): Member | undefined {
    return this.#byAddress.get(addressKey(address))
  }

  /** The sender of a message: by the address that it names, then by that of the connection; if it names no host, by the port if only one process has it. */
  sender(host: string, port: number, remoteAddress: string): Member | undefined {
    const found = this.#byAddress.get(`${host}:${port}`) ?? this.#byAddress.get(`${remoteAddress}:${port}`)
    if (found !== undefined || host !== '') return found
    const only = this.#byPort.get(port)
    return only === 'several' ? undefined : only
  }
}

/** We are the process on our port; where there are several on other hosts, the one of our name, or else of our host. */
function indexOfSelf(list: readonly Wire.ProcessId[], { owner, index, address }: Identity): number {
  const onOurPort = list.filter(({ port }) => port === address.port)
  if (onOurPort.length === 1) return list.indexOf(onOurPort[0] as Wire.ProcessId)
  const named = onOurPort.find((entry) => entry.owner === owner && entry.index === index)
  return list.findIndex((entry) => entry === (named ?? onOurPort.find(({ host }) => host === address.host)))
}

function unique(members: readonly Member[], key: (m: Member) => string, what: string): ReadonlyMap<string, Member> {
  const map = new Map<string, Member>()
  for (const member of members) {
    const other = map.get(key(member))
    if (other !== undefined) throw new MembershipError(`${other.id} and ${member.id} have the same ${what}, ${key(member)}`)
    map.set(key(member), member)
  }
  return map
}
