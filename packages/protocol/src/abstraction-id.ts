import { MAX_STRING_BYTES } from './limits'

/** The path of the application of a process. */
export const APP = 'app'

/** The path of a register: `app.nnar[x]`. Any name will do, brackets and dots included. */
export function registerPath(register: string): string {
  return `app.nnar[${register}]`
}

/** The path of a topic's uniform consensus: `app.uc[t]`. Any topic will do, brackets and dots included. */
export function consensusPath(topic: string): string {
  return `app.uc[${topic}]`
}

/** What an abstraction ID names. */
export interface AbstractionId {
  /** Below the application itself, below a register, below a topic's consensus; or nothing that we know. */
  readonly kind: 'app' | 'nnar' | 'uc' | 'unknown'
  /** The register's name or the topic; absent for the other kinds. */
  readonly index?: string
  /** The path below, e.g. `beb.pl`, `ep[3].beb.pl`, `ec.eld.epfd.pl`; `''` for the application, register or consensus itself. */
  readonly within: string
}

const UNKNOWN: AbstractionId = Object.freeze({ kind: 'unknown', within: '' })

/** No path below a register or topic is longer than this, whatever its epoch. */
const MAX_WITHIN = 32

const kinds = [
  { kind: 'nnar', prefix: 'app.nnar[', within: /\](?:\.(pl|beb|beb\.pl))?$/ },
  {
    kind: 'uc',
    prefix: 'app.uc[',
    within: /\](?:\.(ec|ec\.pl|ec\.beb|ec\.beb\.pl|ec\.eld|ec\.eld\.epfd|ec\.eld\.epfd\.pl|ep\[\d{1,10}\](?:\.(?:pl|beb|beb\.pl))?))?$/,
  },
] as const

/**
 * Takes an abstraction ID apart. The shapes are those of the protocol and no others, so a name may itself hold dots and brackets:
 * the longest known path at the end is that path, and all before it, up to the bracket, is the name. Only a topic that itself ends
 * like an epoch (`a].ep[3`) looks like one: it reads as an epoch of `a`. Never throws; what has another shape, or more
 * than `MAX_STRING_BYTES` characters, is `unknown`. Costs no more for a long ID than for a short one.
 */
export function parseAbstractionId(id: string): AbstractionId {
  if (id.length > MAX_STRING_BYTES) return UNKNOWN
  if (id === APP) return { kind: 'app', within: '' }
  for (const { kind, prefix, within } of kinds) {
    if (!id.startsWith(prefix)) continue
    const tail = id.slice(Math.max(prefix.length, id.length - MAX_WITHIN))
    const match = within.exec(tail)
    if (!match) return UNKNOWN
    return { kind, index: id.slice(prefix.length, id.length - match[0].length), within: match[1] ?? '' }
  }
  const within = id.slice(APP.length + 1)
  return (within === 'pl' || within === 'beb' || within === 'beb.pl') && id.startsWith('app.') ? { kind: 'app', within } : UNKNOWN
}
