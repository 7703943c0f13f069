import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../src'
import { costOf } from './cost'

const packages = fileURLToPath(new URL('../..', import.meta.url))

/** The header of an algorithm, from the file that declares its name. */
function headerOf(name: string): string {
  for (const layer of ['links', 'fd', 'broadcast', 'register', 'consensus'])
    for (const path of readdirSync(`${packages}${layer}/src`, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue
      const text = readFileSync(`${packages}${layer}/src/${path}`, 'utf8')
      if (text.includes(`name: '${name}'`)) return text
    }
  throw new Error(`no file declares the algorithm ${name}`)
}

const counted = catalogue.flatMap((entry) => (entry.options.costs ?? []).map((cost) => ({ ...entry, cost })))

describe.each(counted)('$name: $cost.of costs $cost.steps steps and $cost.messages messages', ({ scenario, suite, algorithm, cost }) => {
  it.each([3, 5, 7])('among %i processes', (processes) => {
    const { actual, expected } = costOf({ scenario, suite }, cost, processes)
    expect(actual).toEqual(expected)
  })

  it('and its header says so', () => {
    const [, line = ''] = /^ \* - Cost: (.*(?:\n \* {3}.*)*)/m.exec(headerOf(algorithm.name)) ?? []
    expect(line).toMatch(new RegExp(`\\b${cost.steps} steps?\\b`))
    expect(line.replaceAll(/\s+/g, ' ')).toContain(`${cost.messages} messages`)
  })
})
