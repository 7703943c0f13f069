import { readdirSync, readFileSync } from 'node:fs'
import type { Message } from '../src/index'
import { parseTextFormat } from './text-format'

const folder = new URL('../testdata/', import.meta.url)

/** The messages in testdata: what each says, and its bytes by an independent encoder. */
export const golden: readonly { name: string; message: Message; bytes: Uint8Array }[] = readdirSync(folder)
  .filter((file) => file.endsWith('.txtpb'))
  .map((file) => ({
    name: file.replace('.txtpb', ''),
    message: parseTextFormat(readFileSync(new URL(file, folder), 'utf8')),
    bytes: readFileSync(new URL(file.replace('.txtpb', '.bin'), folder)),
  }))

/** A message without what proto3 does not write: fields of default value. */
export function withoutDefaults(message: unknown): unknown {
  if (Array.isArray(message)) return message.map(withoutDefaults)
  if (typeof message !== 'object' || message === null) return message
  const kept = Object.entries(message).filter(
    ([name, field]) => name === 'type' || (field !== undefined && field !== '' && field !== 0 && field !== false),
  )
  return Object.fromEntries(kept.map(([name, field]) => [name, withoutDefaults(field)]))
}
