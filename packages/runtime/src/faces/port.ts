import { misuse, type Pressure } from '@upon/contract'
import { hasCode } from '../errors'
import { described } from '../misuse'
import { factsOf } from '../root-port'
import type { FaceProcess, Obstacle } from './face'

/** Checks what TypeScript would check: that a port belongs to `process`, and has these requests and indications. */
export function checkPort(
  face: string,
  process: FaceProcess,
  port: object,
  events: { requests: readonly string[]; indications: readonly string[] },
) {
  if (typeof process?.upon !== 'function') throw misuse(`${face}: expected a process, found ${described(process)}`)
  if (typeof port !== 'object' || port === null) throw misuse(`${face}: expected the port that run(...) gives, found ${described(port)}`)
  const facts = factsOf(port)
  const of = facts === undefined ? described(port) : `the port of a ${facts.module}, ${facts.path}`
  const has = (name: string, sort: string) => Object.hasOwn(port, name) && typeof (port as Record<string, unknown>)[name] === sort
  const missing = [
    ...events.requests.filter((name) => !has(name, 'function')),
    ...events.indications.filter((name) => !has(name, 'object')),
  ]
  if (missing.length > 0) throw misuse(`${face}: expected a port with ${missing.join(', ')}, found ${of}`)
  if (facts !== undefined && facts.process !== process) throw misuse(`${face}: ${of}, is of another process`)
}

/** Reserves a port's requests for one face. */
export function oneFace<F extends object>(port: object, make: () => F): F {
  const facts = factsOf(port)
  if (facts === undefined) return make()
  facts.face ??= make()
  return facts.face as F
}

/** The full transport below a port, if there is one: wait until it has room before sending more. */
export function fullBelow(port: object): Pressure | undefined {
  for (const { pressure } of factsOf(port)?.transports ?? []) if (pressure?.isFull === true) return pressure
  return undefined
}

/** The error with which a port refused a request, which then has no effect; nothing if the request crashed the process. */
export function refusalOf(error: unknown): Obstacle | undefined {
  if (hasCode(error, 'UPON_CANNOT_TRAVEL', 'UPON_TOO_LARGE', 'UPON_REFUSED')) return { reason: 'refused', cause: error }
  if (hasCode(error, 'UPON_OVERLOADED')) return { reason: 'overloaded', cause: error }
  if (hasCode(error, 'UPON_PROCESS_ENDED')) return { reason: (error as { how?: 'crashed' | 'stopped' }).how ?? 'stopped', cause: error }
  return undefined
}
