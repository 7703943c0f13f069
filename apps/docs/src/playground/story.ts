import type { Entry } from '@upon/catalogue'
import type { Command, Pending } from '@upon/simulator'
import type { Light } from './lights'
import { bookEvent, isInsideDetector, messageWords, nameOf, sendingOf } from './paths'
import type { Lost, Play } from './play'
import { operationWords } from './requests'

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** What a command does, in words: `p1 crashes after its next send`. */
export function commandWords(entry: Entry, command: Command): string {
  switch (command.do) {
    case 'next':
      return 'the next thing happens'
    case 'until':
      return `all until ${command.timeMs} ms`
    case 'rest':
      return 'all until nothing is under way'
    case 'deliver':
      return `${command.id} arrives`
    case 'drop':
      return `${command.id} is lost`
    case 'duplicate':
      return `${command.id} is repeated`
    case 'delay':
      return `${command.id} takes ${command.byMs} ms longer`
    case 'timeout':
      return `${command.id} times out`
    case 'request':
      return `${command.process}: ${operationWords(entry, command.operation)}`
    case 'crash':
      return `${command.process} crashes${'afterSends' in command && command.afterSends !== undefined ? ` after ${command.afterSends} more ${command.afterSends === 1 ? 'send' : 'sends'}` : ''}`
    case 'recover':
      return `${command.process} recovers`
    case 'pause':
      return `${command.process} pauses`
    case 'resume':
      return `${command.process} resumes`
    case 'cut':
      return 'groups' in command
        ? `a cut between ${command.groups.map((group) => list(group)).join(' | ')}`
        : `no way from ${list(command.from)} to ${list(command.to)}`
    case 'heal':
      return 'all cuts end'
    case 'stabilise':
      return 'from now on delays are bounded'
  }
}

/** Something under way in words: `p2 gets DATA 1 from p1`. */
export function pendingWords(entry: Entry, { kind, from, to, path = '', message }: Pending): string {
  if (kind === 'message' || kind === 'copy') return `${to} gets ${messageWords(message)}${kind === 'copy' ? ' again' : ''}`
  if (kind === 'timeout') return `${to}: ${nameOf(path)} times out`
  if (kind === 'request') return `${to}: ${operationWords(entry, message)}`
  return `${to ?? from ?? 'all'}: ${kind}`
}

/** What the step button would do. */
export function nextWords(play: Play): string | undefined {
  const { entry, at, log, session } = play
  const scripted = log[at]
  if (scripted !== undefined && scripted.do !== 'next') return commandWords(entry, scripted)
  if (play.isStuck) return undefined
  const due = session.pending.filter(({ dueMs }) => dueMs !== undefined)
  const next = due.find(({ path = '', kind }) => !isInsideDetector(path) && kind !== 'timeout') ?? due[0]
  if (next === undefined) return session.isAtRest ? undefined : 'time passes'
  return pendingWords(entry, next)
}

/** A sentence on what happened last; `**...**` is what matters. */
export function storyOf(play: Play, lights: readonly Light[]): string[] {
  const red = lights.find(({ says }) => says === 'violated') ?? lights.find(({ says }) => says === 'beyond')
  if (red !== undefined)
    return [`**${red.property} is ${red.says === 'violated' ? 'violated' : 'not kept, beyond the model'}.** ${red.means}`, `${red.why}.`]
  if (play.at === 0) {
    const next = nextWords(play)
    return [`Nothing has happened yet.${next === undefined ? '' : ` Press Step: ${next}.`}`]
  }
  const news = newsOf(play)
  return [news.length > 0 ? `${news.slice(0, 4).join('. ')}.` : 'Nothing that can be seen has happened.']
}

function newsOf(play: Play): string[] {
  const { trace } = play.session
  const top = play.entry.algorithm.instance
  const news: string[] = []
  const sent = new Map<string, string[]>()
  for (const entry of trace.entries.slice(play.news)) {
    if (entry.type !== 'event') {
      news.push(entry.type === 'crash' ? `${entry.process} crashed` : `${entry.process ?? 'the network'}: ${entry.detail ?? entry.type}`)
      continue
    }
    if (entry.direction === 'rule' || isInsideDetector(entry.path)) continue
    const sending = sendingOf(trace.entries, entry)
    if (entry.path === top && entry.event !== 'start') news.push(`**${entry.process}: ${bookEvent(entry)}**`)
    else if (sending !== undefined) news.push(`${entry.process} got ${messageWords(entry.attributes.at(-1))} from ${sending.process}`)
    else if (entry.event === 'send' && entry.attributes[0] !== entry.process) {
      const key = `${entry.process} sends ${messageWords(entry.attributes.at(-1))} to`
      sent.set(key, [...(sent.get(key) ?? []), String(entry.attributes[0])])
    } else if (entry.direction === 'indication' && !['deliver', 'timeout'].includes(entry.event))
      news.push(`${entry.process}: ${bookEvent(entry)}`)
  }
  for (const [what, to] of sent) news.push(`${what} ${list([...new Set(to)])}`)
  return [...news, ...lostWords(play.lost.filter(({ lostMs }) => lostMs === play.session.timeMs))]
}

const lostWords = (lost: readonly Lost[]): string[] =>
  lost
    .filter(({ path = '' }) => !isInsideDetector(path))
    .map(({ from, to, message }) => `${messageWords(message)} from ${from} to ${to} is lost`)
