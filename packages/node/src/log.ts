import { LimitedLog } from '@upon/transport'
import { type DestinationStream, type Logger, pino } from 'pino'

/** The structured log of a node: pino's interface, so that any logger of its kind will do. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'isLevelEnabled'>
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** A log that says nothing. */
export const silentLog: Log = pino({ level: 'silent' })

/** A log of JSON lines, with a name for its process on each. */
export function createLog(process: string, level: LogLevel, destination: DestinationStream): Log {
  return pino(
    { level, base: { process }, formatters: { level: (label) => ({ level: label }) }, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  )
}

export type LimitedLevel = 'info' | 'warn' | 'error'

/** The same log for what others can cause as often as they like. */
export const limited = (log: Log): LimitedLog<LimitedLevel> =>
  new LimitedLog((level, message, details) => log[level](details ?? {}, message))
