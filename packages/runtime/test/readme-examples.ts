import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface Example {
  readonly readme: string
  readonly line: number
  readonly code: string
}

/** The blocks of a page that are marked `ts`. */
function examplesIn(readme: string): Example[] {
  const text = readFileSync(join(root, readme), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => ({
    readme,
    line: text.slice(0, match.index).split('\n').length,
    code: match[1] as string,
  }))
}

export const readmes = ['README.md', ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}/README.md`)].filter((path) =>
  existsSync(join(root, path)),
)
export const examples = readmes.flatMap(examplesIn)

/** What an example says that it prints: `console.log(...) // this`. */
export const saysItPrints = (code: string) => [...code.matchAll(/^ *console\.log\(.*\) \/\/ (.+)$/gm)].map(([, line]) => line as string)
