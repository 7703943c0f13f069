import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { makeFolder } from '@upon/trace/files'

/** A file of ours in the user's state directory (XDG). Its directory may not exist. */
export function stateFile(name: string): string {
  const given = process.env.XDG_STATE_HOME
  const base = given && isAbsolute(given) ? given : join(homedir(), '.local', 'state')
  return join(base, 'upon', name)
}

/** Makes the directory of a file; whether that worked shows when the file is opened. */
export function makeDirectoryOf(file: string): void {
  try {
    makeFolder(dirname(file), 0o700)
  } catch {
    // opening the file fails then, with a reason
  }
}
