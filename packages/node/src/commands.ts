import { fromValue, type Message, Type, type Unwrapped } from '@upon/protocol'
import type { System } from './system'
import { MeaningError } from './wire'

/** What only the hub says. */
export const isHubs = ({ inner, systemId }: Unwrapped) =>
  isCommand(inner) ||
  inner.type === Type.PROC_INITIALIZE_SYSTEM ||
  inner.type === Type.PROC_DESTROY_SYSTEM ||
  (inner.type === Type.PROC_REGISTRATION && systemId === '')

/** What it asks of the application. */
export const isCommand = (m: Message) =>
  m.type === Type.APP_BROADCAST || m.type === Type.APP_WRITE || m.type === Type.APP_READ || m.type === Type.APP_PROPOSE

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
