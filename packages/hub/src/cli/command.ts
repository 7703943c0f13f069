import { printable } from '@upon/contract'
import type { Hub } from '../hub'
import type { Output } from './output'
import type { Reference } from './reference'

/** What commands work on. */
export interface Session {
  readonly hub: Hub
  readonly output: Output
  readonly reference: Reference
  readonly timeoutMs: number
  /** Aborted when the hub is to end. */
  readonly ending: AbortSignal
  end(): void
}

/** What may stand in a place of a command, for completion. The last one repeats. */
export type Completes = 'owner' | 'process' | 'register' | 'topic' | 'level' | 'child' | 'nothing'

export interface HubCommand {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly usage: string
  readonly help: string
  readonly completes: readonly Completes[]
  /** Resolves to whether everything expected held. Throws UsageError or HubError when it cannot be carried out. */
  run(session: Session, words: readonly string[]): Promise<boolean> | boolean
}

/** The words of a command make no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function integer(text: string | undefined, what: string, lowest = -(2 ** 31), highest = 2 ** 31 - 1): number {
  const value = /^[-+]?\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN
  if (value >= lowest && value <= highest) return value
  throw new UsageError(`${what} is an integer from ${lowest} to ${highest}${text === undefined ? '' : `, not '${printable(text, 40)}'`}`)
}

export function required(text: string | undefined, what: string): string {
  if (text === undefined) throw new UsageError(`${what} is missing`)
  return text
}

/** `a,b,c`: several registers or topics at once. */
export function names(text: string | undefined, what: string): string[] {
  const all = [...new Set(required(text, what).split(',').filter(Boolean))]
  if (all.length === 0) throw new UsageError(`${what} is missing`)
  return all
}
