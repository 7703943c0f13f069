import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/** A file of ours in the user's state directory (XDG). Its directory may not exist. */
export function stateFile(name: string): string {
  const given = process.env.XDG_STATE_HOME
  const base = given && isAbsolute(given) ? given : join(homedir(), '.local', 'state')
  return join(base, 'upon', name)
}

/** Makes the directory of a file; whether that worked shows when the file is opened. */
export function makeDirectoryOf(file: string): void {
  const directory = dirname(file)
  if (existsSync(directory) || directory === file) return
  makeDirectoryOf(directory)
  try {
    mkdirSync(directory, { mode: 0o700 }) // one by one: `recursive` never returns where the kernel says ENOENT, as under /proc
  } catch {
    // opening the file fails then, with a reason
  }
}
