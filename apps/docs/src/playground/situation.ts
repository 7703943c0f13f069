import type { Command, Plan } from '@upon/simulator'

/** What a playground shows, as plain data: the same situation is the same run in every browser. */
export interface Situation {
  /** The name of an entry of the catalogue. */
  readonly entry: string
  readonly processes: number
  readonly seed: number
  readonly layers: 'own' | 'adversarial'
  /** The name of the wrong line that stands in the algorithm. */
  readonly mutant?: string
  /** What the session began with: a counterexample. */
  readonly plan?: Plan
  readonly log: readonly Command[]
  /** How many commands of the log have been done. */
  readonly at: number
}

/** A link that cannot be read, and why, for the reader. */
export class BrokenLink extends Error {
  override readonly name = 'BrokenLink'
}

const VERSION = '1'
/** More than anybody plays; a longer text is not worth reading. */
const LIMIT_CHARACTERS = 50_000

/** Commands with each run of `next` as its length. */
type Short = number | Command

function shortened(log: readonly Command[]): Short[] {
  const short: Short[] = []
  for (const command of log) {
    const last = short.at(-1)
    if (command.do !== 'next') short.push(command)
    else if (typeof last === 'number') short[short.length - 1] = last + 1
    else short.push(1)
  }
  return short
}

const LIMIT_COMMANDS = 5_000

function spelt(short: unknown): Command[] {
  if (!Array.isArray(short)) throw new BrokenLink('The link is broken: it has no list of commands.')
  const log = short.flatMap((each: Short): Command[] =>
    typeof each === 'number' ? Array.from({ length: Math.min(each, LIMIT_COMMANDS) }, () => ({ do: 'next' })) : [each],
  )
  if (log.length > LIMIT_COMMANDS) throw new BrokenLink(`The link is broken: it has more than ${LIMIT_COMMANDS} commands.`)
  return log
}

/** A situation as the part of an address after `#`: `majority-ack.1.xVJN...`. */
export async function toFragment({ entry, processes, seed, layers, mutant, plan, log, at }: Situation): Promise<string> {
  const fields = [processes, seed, layers === 'own' ? 0 : 1, mutant ?? 0, at, shortened(log), ...(plan === undefined ? [] : [plan])]
  const bytes = await through(new TextEncoder().encode(JSON.stringify(fields)), new CompressionStream('deflate-raw'))
  return `${entry}.${VERSION}.${base64(bytes)}`
}

/** The situation of a fragment; only the entry's name if that is all it says. Throws BrokenLink. */
export async function fromFragment(fragment: string): Promise<Situation | { readonly entry: string }> {
  const [, entry = '', version, data = ''] = /^#?([\w-]*)(?:\.(\w+)\.(.*))?$/.exec(fragment) ?? []
  if (entry === '') throw new BrokenLink('The link is broken: it names no algorithm.')
  if (version === undefined) return { entry }
  if (version !== VERSION) throw new BrokenLink(`The link is of version ${version}, and this page reads version ${VERSION}.`)
  return { entry, ...situationIn(await jsonIn(data)) }
}

async function jsonIn(data: string): Promise<unknown> {
  try {
    const bytes = await through(bytesOf(data), new DecompressionStream('deflate-raw'))
    return JSON.parse(new TextDecoder().decode(bytes.slice(0, 20 * LIMIT_CHARACTERS)))
  } catch {
    throw new BrokenLink('The link is broken: a part of it is missing or changed.')
  }
}

const isCount = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most

function situationIn(fields: unknown): Omit<Situation, 'entry'> {
  if (!Array.isArray(fields)) throw new BrokenLink('The link is broken: it has no situation in it.')
  const [processes, seed, layers, mutant, at, short, plan] = fields as unknown[]
  if (!isCount(processes, 1, 7)) throw new BrokenLink('The link is broken: it has no number of processes from 1 to 7.')
  if (!isCount(seed, 0, Number.MAX_SAFE_INTEGER)) throw new BrokenLink('The link is broken: it has no seed.')
  const log = spelt(short)
  return {
    processes,
    seed,
    layers: layers === 1 ? 'adversarial' : 'own',
    ...(typeof mutant === 'string' ? { mutant } : {}),
    ...(typeof plan === 'object' && plan !== null ? { plan: plan as Plan } : {}),
    log,
    at: isCount(at, 0, log.length) ? at : log.length,
  }
}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(stream as TransformStream<Uint8Array, Uint8Array>)
  return new Uint8Array(await new Response(source as ReadableStream).arrayBuffer())
}

const base64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

function bytesOf(text: string): Uint8Array {
  if (text.length > LIMIT_CHARACTERS) throw new BrokenLink('The link is too long.')
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
}
