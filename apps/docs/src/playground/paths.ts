import type { Pending } from '@upon/simulator'
import { type AlgorithmEvent, shown, type TraceEntry } from '@upon/trace'

/** The instance directly above: `uc.ep[3]` of `uc.ep[3].beb`. */
export const above = (path: string): string => path.split('.').slice(0, -1).join('.')

/** The last name of a path, without its index: `ep` of `uc.ep[3]`. */
export const nameOf = (path: string): string => (path.split('.').at(-1) ?? '').replaceAll(/\[.*?\]/g, '')

/** Whether a path lies inside a detector that is not what the playground is about: its heartbeats never end, and say little. */
export const isInsideDetector = (path: string): boolean => /\.(e?pfd|eld|le)\./.test(path)

/** A message in short: its kind and its value. */
export function messageWords(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return clipped(shown(message))
  const fields = message as Record<string, unknown>
  const value = ['val', 'v', 'm', 'value', 'ts'].find((name) => name in fields)
  return clipped(value === undefined ? String(fields.kind) : `${fields.kind} ${shown(fields[value])}`)
}

const LIMIT_WORDS = 22
const clipped = (words: string): string => (words.length > LIMIT_WORDS ? `${words.slice(0, LIMIT_WORDS - 1)}…` : words)

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** An event as the book writes it: `⟨ urb, Deliver | p1, 1 ⟩`. */
export function bookEvent({ path, event, attributes }: AlgorithmEvent): string {
  const name = path.split('.').at(-1) ?? path
  const with_ = attributes.length > 0 ? ` | ${attributes.map(messageOr).join(', ')}` : ''
  return `⟨ ${name}, ${capital(event)}${with_} ⟩`
}

const messageOr = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'kind' in value
    ? `[${messageWords(value)}]`
    : typeof value === 'string'
      ? clipped(value)
      : clipped(shown(value))

/** Whether an entry is the arrival of a message from another process. */
export function sendingOf(entries: readonly TraceEntry[], entry: TraceEntry): AlgorithmEvent | undefined {
  if (entry.type !== 'event' || entry.cause < 0) return undefined
  const cause = entries[entry.cause]
  return cause?.type === 'event' && cause.process !== entry.process ? cause : undefined
}

export const isMessage = ({ kind }: Pending): boolean => kind === 'message' || kind === 'copy'
