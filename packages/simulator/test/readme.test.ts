import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

const home = fileURLToPath(new URL('..', import.meta.url))

it('the example of the README runs, and gives what its comments say', async () => {
  const readme = await readFile(join(home, 'README.md'), 'utf8')
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const contents = example.replace(/^(run|uniformConsensus).* \/\/ .*$/gm, (line) => `results.push(${line.replace(/ \/\/ .*$/, '')})`)
  const { outputFiles } = await build({
    stdin: { contents: `export const results: unknown[] = []\n${contents}`, resolveDir: home, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
  })
  const folder = await mkdtemp(join(tmpdir(), 'upon-readme-'))
  try {
    const file = join(folder, 'example.mjs')
    await writeFile(file, outputFiles[0]?.text ?? '')
    const { results } = await import(/* @vite-ignore */ pathToFileURL(file).href)
    expect(results).toEqual(['quiescent', undefined, ['p1: coffee', 'p2: coffee']])
  } finally {
    await rm(folder, { recursive: true })
  }
})
