import { fromValue, type Message, parseAbstractionId, Type, typeName } from '@upon/protocol'
import type { System } from '../system/system'
import type { Member } from '../system/system-port'

export interface Report {
  readonly inner: Message
  readonly member: Member
  /** Where the topic of a decision may be named. */
  readonly ids: readonly (string | undefined)[]
}

/** Hands an answer, or a refusal, to what waits for it. False for a message that is none; otherwise why it was not expected, if so. */
export function answer(system: System, report: Report): string | undefined | false {
  return report.inner.refusal === undefined ? answered(system, report) : refused(system, report, report.inner.refusal)
}

function answered(system: System, { inner, member, ids }: Report): string | undefined | false {
  const { recorder } = system
  switch (inner.type) {
    case Type.APP_VALUE: {
      const value = fromValue(inner.appValue?.value)
      recorder?.delivered(member.name, value)
      return system.broadcasts.onValue(member.name, value)
    }
    case Type.APP_READ_RETURN: {
      const { register = '', value } = inner.appReadReturn ?? {}
      recorder?.readReturned(member.name, register, fromValue(value))
      return system.registers.onReturn(member, register, 'read', fromValue(value))
    }
    case Type.APP_WRITE_RETURN: {
      const { register = '' } = inner.appWriteReturn ?? {}
      recorder?.writeReturned(member.name, register)
      return system.registers.onReturn(member, register, 'write', undefined)
    }
    case Type.APP_DECIDE:
      return system.topics.onDecide(member.name, fromValue(inner.appDecide?.value), topicOf(ids))
    default:
      return false
  }
}

function refused(system: System, { inner, member }: Report, why: string): string | undefined | false {
  switch (inner.type) {
    case Type.APP_BROADCAST:
      return system.broadcasts.onRefused(member.name, fromValue(inner.appBroadcast?.value), why)
    case Type.APP_READ:
      return system.registers.onRefused(member, inner.appRead?.register ?? '', 'read', undefined, why)
    case Type.APP_WRITE:
      return system.registers.onRefused(member, inner.appWrite?.register ?? '', 'write', fromValue(inner.appWrite?.value), why)
    case Type.APP_PROPOSE:
      return system.topics.onRefused(member.name, inner.appPropose?.topic ?? '', why)
    case Type.PROC_INITIALIZE_SYSTEM:
      system.notJoined(member.name, why)
      return `refused to take part: ${why}`
    default:
      return `refused a ${typeName(inner.type)} that it was not sent`
  }
}

function topicOf(ids: readonly (string | undefined)[]): string | undefined {
  for (const id of ids) {
    const { kind, index } = parseAbstractionId(id ?? '')
    if (kind === 'uc') return index
  }
  return undefined
}
