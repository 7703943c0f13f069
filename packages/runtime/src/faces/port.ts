import { misuse, type Pressure } from '@upon/contract'
import { hasCode } from '../errors'
import { described } from '../misuse'
import { factsOf } from '../root-port'
import type { FaceProcess, Obstacle } from './face'

/** Checks what TypeScript would: that a port is one of `process`, and has these requests and indications. */
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

/** The one face of a port, which has its requests for itself. */
export function oneFace<F extends object>(port: object, make: () => F): F {
  const facts = factsOf(port)
  if (facts === undefined) return make()
  facts.face ??= make()
  return facts.face as F
}

/** What is full below a port, if anything is: before more is sent from there, it should have room. */
export function fullBelow(port: object): Pressure | undefined {
  for (const { pressure } of factsOf(port)?.transports ?? []) if (pressure?.isFull === true) return pressure
  return undefined
}

/** What kept a request from having any effect, as its port has said by throwing; nothing if it crashed the process. */
export function refusalOf(error: unknown): Obstacle | undefined {
  if (hasCode(error, 'UPON_CANNOT_TRAVEL', 'UPON_TOO_LARGE', 'UPON_REFUSED')) return { reason: 'refused', cause: error }
  if (hasCode(error, 'UPON_OVERLOADED')) return { reason: 'overloaded', cause: error }
  if (hasCode(error, 'UPON_PROCESS_ENDED')) return { reason: (error as { how?: 'crashed' | 'stopped' }).how ?? 'stopped', cause: error }
  return undefined
}
