import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Mutation } from './mutant'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Builds the catalogue with one line of one algorithm changed. The line must be there, exactly once: so a mutant
 * never survives because the algorithm was rewritten.
 */
export async function catalogueWith({ file, line, wrong }: Mutation): Promise<typeof import('../../src')> {
  const path = packages + file
  const source = await readFile(path, 'utf8')
  if (source.split(line).length !== 2) throw new Error(`${file}: expected once, found ${source.split(line).length - 1} times: ${line}`)
  const { outputFiles } = await build({
    entryPoints: [`${packages}catalogue/src/index.ts`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'mutation',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
            loaded === path ? { contents: source.replace(line, () => wrong), loader: 'ts' } : undefined,
          )
        },
      },
    ],
  })
  const folder = await mkdtemp(join(tmpdir(), 'upon-mutant-'))
  try {
    const bundle = join(folder, 'catalogue.mjs')
    await writeFile(bundle, outputFiles[0]?.text ?? '')
    return await import(/* @vite-ignore */ pathToFileURL(bundle).href)
  } finally {
    await rm(folder, { recursive: true })
  }
}
