import type { AlgorithmEvent, FaultEvent, Trace, TraceEntry } from './trace'

/**
 * A trace written by hand, an entry per line: `p1 > broadcast "m"` is a request at p1, `p2 < deliver "p1" "m"` an indication at p2, `p1 crash` a fault.
 * Attributes are JSON, and `⊥` is `undefined`. ` ← 2` at the end says that entry 2 is the cause. `path:Module p1 ...` is an event of another instance.
 * `partition p1 | p2,p3` and `heal p1 | p2,p3` are faults of the network.
 */
export function traceOf(instance: string, lines: string, end: Trace['end'] = 'quiescent'): Trace {
  const [path = '', module = ''] = instance.split(': ')
  const written = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const processes = ['p1', 'p2', 'p3'].map((id, i) => ({ id, rank: i + 1 }))
  const entries = written.map((line, index): TraceEntry => {
    const [, type, detail] = /^(partition|heal) (.*)$/.exec(line) ?? []
    if (type !== undefined && detail !== undefined) return { index, timeMs: index * 10, type: type as FaultEvent['type'], detail }
    const [, other, otherModule, process, rest, cause] = /^(?:(\S+):(\S+) )?(p\d) (.*?)(?: ← (\d+))?$/.exec(line)!
    const common = { index, timeMs: index * 10, process: process! }
    const [, sign, event, attributes] = /^([<>]) (\w+) ?(.*)$/.exec(rest!) ?? []
    if (sign === undefined) return { ...common, type: rest as FaultEvent['type'], ...(cause === undefined ? {} : { cause: Number(cause) }) }
    const direction = sign === '>' ? 'request' : 'indication'
    const named = { path: other ?? path, module: otherModule ?? module, direction, event: event!, attributes: parse(attributes!) } as const
    return {
      ...common,
      type: 'event',
      cause: cause === undefined ? causeOf(written, index) : Number(cause),
      ...named,
    } satisfies AlgorithmEvent
  })
  return { format: 'upon-trace/1', processes, end, entries }
}

const parse = (attributes: string): unknown[] =>
  (attributes.match(/⊥|"[^"]*"|\{.*?\}|\[.*?\]|[^\s]+/g) ?? []).map((text) => (text === '⊥' ? undefined : JSON.parse(text)))

/** The line that sent or broadcast the message of a delivery. */
function causeOf(lines: readonly string[], index: number): number {
  const message = /< deliver "p\d" (.*)$/.exec(lines[index]!)?.[1]
  if (message === undefined) return -1
  return lines.findIndex((line, i) => i < index && line.includes(' > ') && line.endsWith(` ${message}`))
}
