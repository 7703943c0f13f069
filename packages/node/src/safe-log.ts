import { inspect } from 'node:util'
import { printable } from '@upon/contract'
import type { Log } from './log'

/** The longest message, text and state in a line, in characters; and how deep and wide its details may be. */
const LIMIT_MESSAGE = 1_000
const LIMIT_TEXT = 200
const LIMIT_STATE = 4_000
const LIMIT_DEPTH = 3
const LIMIT_ITEMS = 100

/** A value for a line of the log, wherever its text comes from: escaped and clipped. */
function shown(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return printable(value, LIMIT_TEXT)
  if (value instanceof Error) return printable(value.stack ?? `${value}`, LIMIT_STATE)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value) && depth < LIMIT_DEPTH) return value.slice(0, LIMIT_ITEMS).map((item) => shown(item, depth + 1))
  const isPlain = Object.getPrototypeOf(value) === Object.prototype
  if (!isPlain || depth === LIMIT_DEPTH)
    return printable(inspect(value, { depth: LIMIT_DEPTH, breakLength: Number.POSITIVE_INFINITY }), LIMIT_STATE)
  const entries = Object.entries(value).slice(0, LIMIT_ITEMS)
  return Object.fromEntries(entries.map(([name, each]) => [printable(name, LIMIT_TEXT), shown(each, depth + 1)]))
}

/** A log in which nothing that came from outside does harm: not to a terminal, not to who reads line by line, not by its length. */
export function safeLog(log: Log): Log {
  const level = (name: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (details: unknown, message?: string) => {
    if (!log.isLevelEnabled(name)) return
    if (typeof details === 'string') log[name](printable(details, LIMIT_MESSAGE))
    else log[name](shown(details) as object, message === undefined ? undefined : printable(message, LIMIT_MESSAGE))
  }
  return {
    trace: level('trace'),
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    isLevelEnabled: (name) => log.isLevelEnabled(name),
  }
}
