import { accessSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where one reference process is to be, and whose. */
export interface Placement {
  readonly hubHost: string
  readonly hubPort: number
  readonly host: string
  readonly port: number
  readonly owner: string
  readonly index: number
}

/** A program and its arguments. */
export type Invocation = readonly [program: string, ...arguments: string[]]

/** No program to start processes with. */
export class NoNodeCommand extends Error {
  override readonly name = 'NoNodeCommand'
}

const PLACEHOLDER = /\{(hubHost|hubPort|host|port|owner|index)\}/g

/** The given command with its placeholders filled in, or with flags appended where it has none; without one given, upon-node. */
export function invocation(command: string | undefined, placement: Placement): Invocation {
  const { hubHost, hubPort, host, port, owner, index } = placement
  const flags = ['--hub', `${hubHost}:${hubPort}`, '--host', host, '--port', String(port), '--owner', owner, '--index', String(index)]
  if (command === undefined) return [process.execPath, uponNode(), ...flags, '--until-input-ends']
  const [program, ...rest] = (command.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll(/^(["'])(.*)\1$/g, '$2'))
  if (program === undefined) throw new NoNodeCommand('the command that --node-command names is empty')
  if (!command.match(PLACEHOLDER)) return [program, ...rest, ...flags]
  const fill = (word: string): string => word.replaceAll(PLACEHOLDER, (_, name: keyof Placement) => String(placement[name]))
  return [fill(program), ...rest.map(fill)]
}

/** The script of @upon/node's command: installed beside us or where we run, our neighbour in the repository, or on the PATH. */
function uponNode(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (const from of [join(here, 'x.js'), join(process.cwd(), 'x.js')]) {
    try {
      const found = scriptOf(createRequire(from).resolve('@upon/node/package.json'))
      if (found) return found
    } catch {
      // not installed there
    }
  }
  for (const up of ['..', join('..', '..')]) {
    const found = scriptOf(join(here, up, '..', 'node', 'package.json'))
    if (found) return found
  }
  for (const directory of (process.env.PATH ?? '').split(delimiter))
    if (directory && isThere(join(directory, 'upon-node'))) return join(directory, 'upon-node')
  throw new NoNodeCommand(
    'no reference processes: @upon/node is not installed (or not built). Install it, or use --node-command or --no-reference',
  )
}

function scriptOf(packageFile: string): string | undefined {
  try {
    const { name, bin } = JSON.parse(readFileSync(packageFile, 'utf8')) as { name?: string; bin?: Record<string, string> }
    const script = bin?.['upon-node']
    if (name !== '@upon/node' || !script) return undefined
    const path = join(dirname(packageFile), script)
    return isThere(path) ? path : undefined
  } catch {
    return undefined
  }
}

function isThere(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}
