import { printable } from '@upon/contract'
import { HubError } from './errors'
import type { RegisteredProcess, Registry } from './registry'
import type { System } from './system'
import type { Member } from './system-port'

/** All processes of these owners that have not crashed, by owner as given. Throws HubError `no-processes`, `unknown-owner`. */
export function processesOf(registry: Registry, owners: readonly string[]): RegisteredProcess[] {
  if (owners.length === 0) throw new HubError('no-processes', 'a system needs at least one owner')
  return [...new Set(owners)].flatMap((owner) => {
    const own = registry.ofOwner(owner).filter(({ isCrashed }) => !isCrashed)
    if (own.length > 0) return own
    const known = [...new Set(registry.processes.map((process) => process.owner))].join(', ')
    throw new HubError('unknown-owner', `no process of ${printable(owner)} is registered; owners known: ${printable(known, 500) || 'none'}`)
  })
}

/** The members of these names, each once; all that live if none are named. Throws HubError `no-processes`, `unknown-process`, `crashed`. */
export function select(system: System, names?: readonly string[]): Member[] {
  const members =
    names === undefined
      ? system.members.filter(({ name }) => !system.isCrashed(name))
      : [...new Set(names)].map((name) => memberOf(system, name))
  if (members.length === 0) throw new HubError('no-processes', `nobody of ${system.id} is left to do it`)
  return members
}

function memberOf(system: System, name: string): Member {
  const member = system.member(name)
  if (!member) {
    const names = printable(system.members.map((other) => other.name).join(', '), 500)
    throw new HubError('unknown-process', `no process ${printable(name)} in ${system.id}; it has ${names}`)
  }
  if (system.isCrashed(name)) throw new HubError('crashed', `${name} crashed`)
  return member
}
