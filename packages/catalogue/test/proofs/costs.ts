import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Entry } from '../../src'
import { costOf } from './cost'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** The header of an algorithm, from the file that declares its name. */
function headerOf(name: string): string {
  for (const layer of ['links', 'fd', 'broadcast', 'register', 'consensus', 'agreement'])
    for (const path of readdirSync(`${packages}${layer}/src`, { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.test.ts')) continue
      const text = readFileSync(`${packages}${layer}/src/${path}`, 'utf8')
      if (text.includes(`name: '${name}'`)) return text
    }
  throw new Error(`no file declares the algorithm ${name}`)
}

/** Steps and messages, counted, are those that the entry and the algorithm's header say. */
export function costsWhatItSays({ name, scenario, suite, algorithm, options }: Entry): void {
  for (const cost of options.costs ?? [])
    describe(`${name}: ${cost.of} costs ${cost.steps} steps and ${cost.messages} messages`, () => {
      it.each([...(cost.among ?? [3, 5, 7])])('among %i processes', (processes) => {
        const { actual, expected } = costOf({ scenario, suite }, cost, processes)
        expect(actual).toEqual(expected)
      })

      it('and its header says so', () => {
        const [, line = ''] = /^ \* - Cost: (.*(?:\n \* {3}.*)*)/m.exec(headerOf(algorithm.name)) ?? []
        expect(line).toMatch(new RegExp(`\\b${cost.steps} steps?\\b`))
        expect(line.replaceAll(/\s+/g, ' ')).toContain(cost.messages === '1' ? '1 message' : `${cost.messages} messages`)
      })
    })
}
