import { type ProcessId, printable } from '@upon/contract'
import type { HoldLimit } from './held'

/** How long a layer may be missing after the first message for it, before a warning. */
const GRACE_MS = 1000

const warn = (self: ProcessId, text: string) => console.warn(`upon: process ${printable(self)}: ${text}`)

/** Warns of messages for an instance that does not exist, unless it is run within a second. The returned function ends the waiting. */
export function warnOfUnclaimed(self: ProcessId, path: string, from: ProcessId, isWaiting: () => boolean): () => void {
  const timer = setTimeout(() => {
    if (isWaiting())
      warn(self, `messages for \`${printable(path)}\` from ${printable(from)}, and no such instance here: they are kept until it is run`)
  }, GRACE_MS)
  return () => clearTimeout(timer)
}

/** Warns of messages that were dropped, once for each limit. */
export function warnOfOverflow(self: ProcessId): (limit: HoldLimit | 'perEvent', path: string) => void {
  const warned = new Set<string>()
  return (limit, path) => {
    if (warned.has(limit)) return
    warned.add(limit)
    const what = limit === 'perEvent' ? 'no handler for it' : 'no such instance here'
    warn(self, `too much is kept (${limit}) for \`${printable(path)}\`: ${what}; the rest is dropped and counted`)
  }
}
