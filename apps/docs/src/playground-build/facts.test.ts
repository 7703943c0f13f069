import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue as entries } from '@upon/catalogue'
import { describe, expect, it } from 'vitest'
import { readCatalogue } from '../catalogue/catalogue'
import { root } from '../house'
import { factsOf, foundEntries } from './plugin'

const found = foundEntries(await readCatalogue())

describe('what is made of an entry', () => {
  it('is made of every entry', () => {
    expect([...found.keys()]).toEqual(entries.map(({ name }) => name))
  })

  it.each([...found])('%s: its handlers and wrong lines are lines that are shown', (name, each) => {
    const { lines, handlers, mutants, file } = factsOf(name, each)
    const text = readFileSync(join(root, file), 'utf8').split('\n')
    const shown = new Set(lines.map(({ number }) => number))
    for (const line of lines) expect(text[line.number - 1]).toBe(line.text)
    for (const { from, to, event } of handlers) {
      expect(shown.has(from) && shown.has(to), event).toBe(true)
      expect(text[from - 1]).toContain('upon(')
    }
    for (const { name: wrong, from, to } of mutants) {
      expect(to, wrong).toBeGreaterThanOrEqual(from - 1)
      expect(shown.has(from), wrong).toBe(true)
    }
  })

  it('the handlers of majority-ack, by event and kind', () => {
    const facts = factsOf('majority-ack', found.get('majority-ack') as never)
    expect(facts.handlers.map(({ layer, event, kind }) => `${layer}.${event} ${kind ?? ''}`)).toEqual([
      'urb.broadcast ',
      'beb.deliver DATA',
    ])
    expect(facts.lines[0]?.text).toMatch(/^type Data/)
    expect(facts.mutants.find(({ name }) => name === 'the first copy is delivered')).toMatchObject({
      property: 'URB4',
      wrong: ['    const canDeliver = ({ ack }: Pending) => ack.size > 0'],
    })
  })
})
