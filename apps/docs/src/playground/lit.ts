import type { Facts, Handler } from './facts'
import { above, nameOf } from './paths'
import type { Play } from './play'

/** The handlers of the algorithm that ran last, and where. */
export interface Lit {
  readonly process: string
  readonly handlers: readonly Handler[]
  /** The instance whose state they changed. */
  readonly path: string
}

/** Which handlers of the algorithm at the top ran in what the last command brought about: of the process at which the last of them ran. */
export function litOf({ handlers }: Pick<Facts, 'handlers'>, play: Play): Lit | undefined {
  const top = play.entry.algorithm.instance
  let lit: { process: string; handlers: Handler[]; path: string } | undefined
  for (const entry of play.session.trace.entries.slice(play.news)) {
    if (entry.type !== 'event') continue
    const isRequest = entry.path === top && entry.direction === 'request'
    const isFromBelow = above(entry.path) === top && entry.direction === 'indication'
    if (!isRequest && !isFromBelow) continue
    const message = entry.attributes.at(-1)
    const kind = typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined
    const of = handlers.filter(({ layer, event }) => layer === nameOf(entry.path) && event === entry.event)
    const found = of.find((each) => each.kind !== undefined && each.kind === kind) ?? of.find((each) => each.kind === undefined)
    if (found === undefined) continue
    if (lit?.process !== entry.process) lit = { process: entry.process, handlers: [], path: top }
    if (!lit.handlers.includes(found)) lit.handlers.push(found)
  }
  return lit
}
