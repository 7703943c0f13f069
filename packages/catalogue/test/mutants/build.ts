import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { afterAll } from 'vitest'
import type { Mutation } from './mutant'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

/** What no mutant changes: loaded once, and as fast from the second mutant on as it gets. */
const BASE = ['contract', 'runtime', 'trace', 'linearizability', 'checker', 'simulator', 'compliance']

const common: BuildOptions = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'error',
}

type Base = typeof import('@upon/simulator') & typeof import('@upon/compliance')

/** The packages below the algorithms, each as a module that all bundles of this folder share. */
async function writeBase(folder: string): Promise<void> {
  const entryPoints = Object.fromEntries(BASE.map((name) => [name, `${packages}${name}/src/index.ts`]))
  await build({ ...common, write: true, outdir: folder, outExtension: { '.js': '.mjs' }, splitting: true, entryPoints })
}

const CONTRACT = `${packages}contract/`

/** Shares the packages below the algorithms. If a module of the contract is mutated, the algorithms see it as it is now, and the rest of the contract as it was. */
const shared = (path: string, source: string): Plugin => ({
  name: 'shared',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^@upon\// }, ({ path: imported, namespace }) => {
      const name = imported.slice('@upon/'.length)
      if (name === 'contract' && path.startsWith(CONTRACT) && namespace !== 'contract') return { path: imported, namespace: 'contract' }
      return BASE.includes(name) ? { path: `./${name}.mjs`, external: true } : undefined
    })
    onLoad({ filter: /^/, namespace: 'contract' }, () => {
      const names = [...source.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)
      return { contents: `export * from '@upon/contract'\nexport { ${names} } from '${path}'`, resolveDir: CONTRACT }
    })
  },
})

let made: Promise<string> | undefined
let count = 0

/** Where bundles are, with what they share. */
function folder(): Promise<string> {
  made ??= (async () => {
    const made = await mkdtemp(join(tmpdir(), 'upon-mutants-'))
    await writeBase(made)
    return made
  })()
  return made
}

/** Each test file that builds must call this; the next one of the same worker then builds again. */
export const cleanUp = (): void =>
  afterAll(async () => {
    const at = made
    made = undefined
    if (at !== undefined) await rm(await at, { recursive: true })
  })

/** The simulator and the suites that the bundles run in. */
export const base = async (): Promise<Base> => {
  const at = await folder()
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(join(at, `${name}.mjs`)).href)
  return { ...(await load('simulator')), ...(await load('compliance')) }
}

/**
 * Builds the catalogue with one line of one algorithm, or of one module of the contract, changed. The line must be there, exactly once: so a mutant
 * never survives because the algorithm was rewritten.
 */
export async function catalogueWith({ file, line, wrong }: Mutation): Promise<typeof import('../../src')> {
  const path = packages + file
  const source = existsSync(path) ? await readFile(path, 'utf8') : ''
  if (source.split(line).length !== 2) throw new Error(`${file}: expected once, found ${source.split(line).length - 1} times: ${line}`)
  const at = await folder()
  const mutation: Plugin = {
    name: 'mutation',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
        loaded === path ? { contents: source.replace(line, () => wrong), loader: 'ts' } : undefined,
      )
    },
  }
  const { outputFiles } = await build({
    ...common,
    entryPoints: [`${packages}catalogue/src/index.ts`],
    plugins: [shared(path, source), mutation],
  })
  const bundle = join(at, `catalogue-${count++}.mjs`)
  await writeFile(bundle, outputFiles?.[0]?.text ?? '')
  return await import(/* @vite-ignore */ pathToFileURL(bundle).href)
}
