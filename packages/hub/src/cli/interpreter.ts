import { printable } from '@upon/contract'
import { HubError } from '../errors'
import { type HubCommand, type Session, UsageError } from './command'
import { commands } from './commands'
import { nearest } from './words'

export const LIMIT_LINE = 100_000

const find = (name: string): HubCommand | undefined => commands.find((command) => command.name === name || command.aliases?.includes(name))

/** Carries out one line; empty lines and those that begin with `#` do nothing. Resolves to whether all went as expected; never rejects. */
export async function interpret(session: Session, line: string): Promise<boolean> {
  const text = line.trim()
  if (text === '' || text.startsWith('#')) return true
  if (text.length > LIMIT_LINE) return complain(session, `a line has at most ${LIMIT_LINE} characters, this one has ${text.length}`)
  const [name = '', ...words] = text.split(/\s+/)
  const command = find(name)
  if (!command) {
    const guess = nearest(
      name,
      commands.flatMap((known) => [known.name, ...(known.aliases ?? [])]),
    )
    return complain(session, `unknown command '${printable(name, 40)}'${guess ? `, did you mean '${guess}'?` : "; 'help' lists them"}`)
  }
  try {
    return await command.run(session, words)
  } catch (error) {
    if (error instanceof UsageError) return complain(session, `${error.message}; usage: ${command.usage}`)
    if (error instanceof HubError) return complain(session, error.message)
    throw error
  }
}

function complain({ output }: Session, message: string): false {
  output.error(message)
  return false
}

/** What may follow, for the prompt: the candidates that begin with the last word, and that word. */
export function complete({ hub, reference }: Session, line: string): [string[], string] {
  const words = line.trimStart().split(/\s+/)
  const last = words.at(-1) ?? ''
  const matching = (candidates: readonly string[]): [string[], string] => [
    candidates.filter((candidate) => candidate.startsWith(last) && isPlain(candidate)).map((candidate) => `${candidate} `),
    last,
  ]
  if (words.length <= 1) return matching(commands.map(({ name }) => name))
  const kinds = find(words[0] ?? '')?.completes ?? ['nothing']
  const members = hub.current?.members.map(({ name }) => name) ?? hub.processes.map(({ name }) => name)
  const candidates = {
    owner: [...new Set(hub.processes.map(({ owner }) => owner))],
    process: members,
    register: hub.current?.registers ?? [],
    topic: hub.current?.topics ?? [],
    level: ['info', 'debug', 'trace'],
    child: reference.names,
    nothing: [],
  }
  return matching(candidates[kinds[Math.min(words.length - 2, kinds.length - 1)] ?? 'nothing'])
}

/** A terminal can show it, and somebody may want to. */
const isPlain = (candidate: string): boolean => candidate.length <= 100 && printable(candidate) === candidate
