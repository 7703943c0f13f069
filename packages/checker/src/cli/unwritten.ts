import type { FileOperation, FileValue } from './history-file'

/** What operations that change nothing tell of the value before them. */
export type Before =
  /** The value, by the first read of it; none where nobody read. */
  | { readonly read: FileOperation | undefined }
  /** Two operations that no value satisfies, the one that returned last first. */
  | { readonly conflict: readonly [FileOperation, FileOperation] }

/** Whether nothing in a file can have changed a register: it was only read, or found to hold something else than expected. */
export const isUnwritten = (operations: readonly FileOperation[]): boolean =>
  operations.every(({ kind, isRefused }) => kind === 'read' || isRefused)

/** What a register held before a file that does not change it. A file does not say so: what returned must agree, and that is all. */
export function valueBefore(operations: readonly FileOperation[]): Before {
  const returned = operations.filter(({ respondedAtMs }) => respondedAtMs !== undefined)
  const refused = new Map<FileValue, FileOperation>()
  let read: FileOperation | undefined
  for (const one of returned.sort((a, b) => (a.respondedAtMs as number) - (b.respondedAtMs as number))) {
    const isRead = one.kind === 'read'
    const other = isRead ? (read?.value === one.value ? undefined : read) : one.expected === read?.value ? read : undefined
    const against = other ?? (isRead ? refused.get(one.value) : undefined)
    if (against !== undefined) return { conflict: [one, against] }
    if (isRead) read ??= one
    else refused.set(one.expected, one)
  }
  return { read }
}
