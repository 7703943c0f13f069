export type { SessionModel } from './allowed'
export { type Command, CommandRefused } from './command'
export type { Pending } from './pending'
export { openSession, type PlannedSessionOptions, type Session, type SessionOptions, type States } from './session'
