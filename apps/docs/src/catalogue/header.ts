/** What the header of an algorithm says, field by field. */
export interface Header {
  /** `Basic broadcast`: what stands before the first colon. */
  readonly title: string
  /** What it does, in a sentence or two. */
  readonly summary: string
  /** Whatever else stands before the fields. */
  readonly more: string
  readonly implements: string
  readonly uses: string
  readonly assumes: string
  readonly cost: string
  /** Empty where nothing grows. */
  readonly memory: string
  readonly source: string
  readonly departs: string
}

const FIELDS = {
  Implements: 'implements',
  Uses: 'uses',
  Assumes: 'assumes',
  Cost: 'cost',
  Memory: 'memory',
  Source: 'source',
  'Departs from the text': 'departs',
} as const satisfies Record<string, keyof Header>

type Field = keyof typeof FIELDS

/** Reads `- Field: text`, with what is indented below it. Says what is wrong by throwing. */
export function readHeader(comment: string): Header {
  const [before = '', ...items] = comment.split(/^- (?=[A-Z][A-Za-z ]*[:,])/m)
  const [first = '', ...more] = before.trim().split(/\n\s*\n/)
  const joined = unwrapped(first)
  const colon = joined.indexOf(': ')
  if (colon === -1) throw new Error('does not begin with the name of the algorithm, a colon, and what it does')
  const fields = new Map(items.map(fieldOf))
  const required = (field: Field): string => {
    const text = fields.get(field)
    if (text === undefined || text === '') throw new Error(`lacks \`- ${field}: ...\``)
    return text
  }
  return {
    title: joined.slice(0, colon),
    summary: sentence(joined.slice(colon + 2)),
    more: more.join('\n\n'),
    implements: required('Implements'),
    uses: required('Uses'),
    assumes: required('Assumes'),
    cost: required('Cost'),
    memory: fields.get('Memory') ?? '',
    source: required('Source'),
    departs: fields.get('Departs from the text') ?? '',
  }
}

function fieldOf(item: string): [string, string] {
  const [, name = '', text = ''] = /^([^:,]+)[:,]\s*(.*)$/s.exec(item) ?? []
  if (!(name in FIELDS)) throw new Error(`has a field \`${name}\`: the fields are ${Object.keys(FIELDS).join(', ')}`)
  return [name, withLists(text)]
}

/** Joins continued lines, except those that begin an item of a list. */
const withLists = (text: string): string =>
  text
    .trim()
    .split(/\n(?=\s+- )/)
    .map((part, i) => (i === 0 ? unwrapped(part) : `- ${unwrapped(part.trim().slice(2))}`))
    .join('\n')

const unwrapped = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim()

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
