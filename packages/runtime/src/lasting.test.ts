import { type Abstraction, abstraction, algorithm, type Indication, type Module, many, type Port, shared } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, Step } from '../test/modules'
import { Process } from './index'

interface News extends Module {
  readonly guarantees: { readonly news: true }
  readonly latest: Indication<[x: unknown]>
  readonly forever: Indication<[x: unknown]>
  readonly opened: Indication<[x: unknown]>
  readonly closed: Indication<[x: unknown]>
  readonly passing: Indication<[x: unknown]>
}

const News: Abstraction<News> = abstraction<News>({
  name: 'News',
  instance: 'news',
  requests: {},
  indications: { latest: ['x'], forever: ['x'], opened: ['x'], closed: ['x'], passing: ['x'] },
  lasting: { latest: 'latest', forever: 'forever', opened: { until: 'closed' } },
  properties: {},
})
const EVENTS = ['latest', 'forever', 'opened', 'closed', 'passing'] as const

function newsroom() {
  let say: ((event: (typeof EVENTS)[number], x: unknown) => void) | undefined
  const port: Port<News> = {
    sort: 'port',
    abstraction: News,
    open: ({ indicate }) => {
      say = (event, x) => indicate[event](x)
      return { upon: {} }
    },
  }
  return { port, say: (event: (typeof EVENTS)[number], x: unknown) => say?.(event, x) }
}

/** Hands on what the host's port says. */
const Paper = algorithm({ name: 'paper', implements: { paper: News }, uses: { news: News }, assumes }, ({ paper, news, upon }) => {
  for (const event of EVENTS) upon(news[event], (x) => paper[event](x))
})
const Reader = algorithm(
  { name: 'reader', implements: { step: Step }, uses: { paper: shared(Paper) }, assumes },
  ({ step, paper, upon }) => {
    for (const event of EVENTS) upon(paper[event], (x) => step.answer(`${event} ${x}` as never))
  },
)
const Readers = algorithm({ name: 'readers', implements: { step: Step }, uses: { r: many(Reader) }, assumes }, ({ step, r, upon }) => {
  upon(step.ask, (name) => r.create(name as never))
  upon(r.answer, (name, x) => step.answer(`${name}: ${x as unknown}` as never))
})

const HISTORY = [
  ['latest', 1],
  ['opened', 'a'],
  ['forever', 'x'],
  ['opened', 'b'],
  ['passing', 0],
  ['latest', 2],
  ['closed', 'a'],
  ['opened', 'c'],
  ['forever', 'y'],
] as const
/** What of it holds, in its order. */
const HOLDS = ['forever x', 'opened b', 'latest 2', 'opened c', 'forever y']

describe('lasting indications', () => {
  it('go to a user that joins a shared instance later: those that hold, in their order, each once', () => {
    const { port, say } = newsroom()
    const process = new Process({ self: 'p', processes: ['p'], supply: [port] })
    const readers = process.run(Readers.of<string>())
    const seen: string[] = []
    process.upon(readers.answer, (line) => seen.push(line))
    readers.ask('early')
    for (const [event, x] of HISTORY) say(event, x)
    expect(seen.splice(0)).toEqual(HISTORY.map(([event, x]) => `early: ${event} ${x}`))
    readers.ask('late')
    expect(seen.splice(0)).toEqual(HOLDS.map((line) => `late: ${line}`))
    say('closed', 'b')
    expect(seen.splice(0)).toEqual(['early: closed b', 'late: closed b'])
  })

  it('go once to a user that joins in the middle of a step whose events are still queued', () => {
    const { port, say } = newsroom()
    const process = new Process({ self: 'p', processes: ['p'], supply: [port] })
    const readers = process.run(Readers.of<string>())
    const seen: string[] = []
    process.upon(readers.answer, (line) => seen.push(line))
    readers.ask('a')
    process.step(() => {
      say('latest', 1)
      readers.ask('b')
      say('latest', 2)
    })
    expect(seen.filter((line) => line.startsWith('a'))).toEqual(['a: latest 1', 'a: latest 2'])
    expect(seen.filter((line) => line.startsWith('b')).at(-1)).toBe('b: latest 2')
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('go to each handler that an application registers after run; the first handler misses nothing', () => {
    const { port, say } = newsroom()
    const process = new Process({ self: 'p', processes: ['p'], supply: [port] })
    const paper = process.run(Paper)
    for (const [event, x] of HISTORY) say(event, x)
    const first: unknown[] = []
    process.upon(paper.opened, (x) => first.push(x))
    expect(first).toEqual(['a', 'b', 'c'])
    const second: unknown[] = []
    process.upon(paper.opened, (x) => second.push(x))
    expect(second).toEqual(['b', 'c'])
    say('closed', 'c')
    say('opened', 'd')
    const third: unknown[] = []
    process.upon(paper.opened, (x) => third.push(x))
    expect([first.splice(3), second.splice(2), third]).toEqual([['d'], ['d'], ['b', 'd']])
    const passing: unknown[] = []
    process.upon(paper.passing, (x) => passing.push(x))
    process.upon(paper.passing, (x) => passing.push(x))
    expect(passing).toEqual([0])
  })

  it('cost a bounded memory where they replace each other', () => {
    const { port, say } = newsroom()
    const process = new Process({ self: 'p', processes: ['p'], supply: [port] })
    const readers = process.run(Readers.of<string>())
    const seen: string[] = []
    process.upon(readers.answer, (line) => seen.push(line))
    readers.ask('a')
    for (let i = 0; i < 1000; i++) say('latest', i)
    for (let i = 0; i < 1000; i++) say('opened', i % 3)
    seen.length = 0
    readers.ask('b')
    expect(seen).toHaveLength(4)
  })

  it('are indications of their module', () => {
    const { name, instance, requests, indications, properties } = News
    expect(() => abstraction({ name, instance, requests, indications, properties, lasting: { late: 'latest' } as never })).toThrow(
      "module News: lasting: it indicates no 'late'",
    )
    expect(() =>
      abstraction({ name, instance, requests, indications, properties, lasting: { opened: { until: 'shut' } } as never }),
    ).toThrow("module News: lasting: it indicates no 'shut'")
  })
})
