import { printable } from '@upon/contract'
import type { Address, TcpEndpoint } from '@upon/transport/tcp'
import { HubError } from '../errors'
import type { System } from '../system/system'
import { Reachability } from './reachability'
import { type Register, type RegisteredProcess, Registry } from './registry'

export interface ProcessesContext {
  endpoint(): TcpEndpoint
  /** The current system. */
  system(): System | undefined
}

/** The processes that have registered, and what becomes of the connections to them when one restarts, moves or crashes. */
export class Processes {
  readonly registry = new Registry()
  readonly #reachability = new Reachability((address) => this.context.system()?.unreachable(address, true))

  constructor(private readonly context: ProcessesContext) {}

  /** Whether connections to that address are refused. */
  isDown(address: Address): boolean {
    return this.#reachability.isDown(address)
  }

  /** Connections to that address are refused from now on. */
  down(address: Address): void {
    this.#reachability.down(address)
  }

  /** A process accepts connections at that address. */
  up(address: Address): void {
    this.#reachability.up(address)
    this.context.system()?.unreachable(address, false)
  }

  /** All processes of these owners that have not crashed, in the order of the owners. Throws HubError `no-processes`, `unknown-owner`. */
  ofOwners(owners: readonly string[]): RegisteredProcess[] {
    if (owners.length === 0) throw new HubError('no-processes', 'a system needs at least one owner')
    return [...new Set(owners)].flatMap((owner) => {
      const own = this.registry.ofOwner(owner).filter(({ isCrashed }) => !isCrashed)
      if (own.length > 0) return own
      const known = [...new Set(this.registry.processes.map((process) => process.owner))].join(', ')
      const owners = `owners known: ${printable(known, 500) || 'none'}`
      throw new HubError('unknown-owner', `no process of ${printable(owner)} is registered; ${owners}`)
    })
  }

  /** The process has crashed: no system waits for it, or starts with it, until it registers again. */
  crash(name: string): void {
    this.registry.markCrashed(name)
    this.context.endpoint().forget(this.registry.get(name)!)
    this.context.system()?.crash(name)
  }

  /** A process has registered; `before`: the earlier registration under its name. */
  onRegistered({ how, process, replaced }: Register, before: RegisteredProcess | undefined): void {
    const endpoint = this.context.endpoint()
    const system = this.context.system()
    const isGivenUp = () => endpoint.givenUp.some(({ host, port }) => host === process.host && port === process.port)
    if (this.isDown(process) && isGivenUp()) endpoint.forget(process)
    this.up(process)
    if (before && how === 'moved') {
      if (before.isKept) system?.crash(before.name)
      this.forget(before)
    }
    if (how === 'took-over' && replaced !== undefined) system?.crash(replaced)
    if (how === 'restarted') system?.crash(process.name)
    if (process.isKept) endpoint.upgrade(process)
    else if (before?.isKept || how === 'took-over') endpoint.forget(process)
  }

  /** Frees what is kept for an address, unless it is the address of a registered process or a member. */
  forget(address: Address): void {
    if (this.registry.at(address) || this.context.system()?.isAt(address)) return
    this.context.endpoint().forget(address)
    this.#reachability.up(address)
  }

  close(): void {
    this.registry.close()
    this.#reachability.close()
  }
}
