import { fromValue, type Message, Type, type Unwrapped } from '@upon/protocol'
import type { System } from './system'
import { MeaningError } from './wire'

/** What only the hub says. */
export const isHubs = ({ inner, systemId }: Unwrapped) =>
  isHubsType(inner.type) && (inner.type !== Type.PROC_REGISTRATION || systemId === '')

const HUBS_TYPES: ReadonlySet<number> = new Set([Type.PROC_INITIALIZE_SYSTEM, Type.PROC_DESTROY_SYSTEM, Type.PROC_REGISTRATION])
const COMMAND_TYPES: ReadonlySet<number> = new Set([Type.APP_BROADCAST, Type.APP_WRITE, Type.APP_READ, Type.APP_PROPOSE])

/** A type of message that comes from the hub. */
export const isHubsType = (type: number) => HUBS_TYPES.has(type) || COMMAND_TYPES.has(type)

/** What it asks of the application. */
export const isCommand = ({ type }: Message) => COMMAND_TYPES.has(type)

/** Does what the hub asks. Throws `MeaningError` for what makes no sense, `LimitError` for what is too much. */
export function carryOut(system: System, inner: Message): void {
  if (inner.appBroadcast) system.broadcast(fromValue(inner.appBroadcast.value))
  else if (inner.appWrite) system.write(inner.appWrite.register, fromValue(inner.appWrite.value))
  else if (inner.appRead) system.read(inner.appRead.register)
  else if (inner.appPropose) {
    const value = fromValue(inner.appPropose.value)
    if (value === undefined) throw new MeaningError('a process proposes a value, not an undefined one')
    system.propose(inner.appPropose.topic, value)
  }
}
