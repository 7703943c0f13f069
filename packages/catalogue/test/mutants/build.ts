import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll } from 'vitest'
import { BASE, bundleOf, common, compileAlone, dependantsOf, type Graph, graphOf } from './graph'
import type { Mutation } from './mutant'

const packages = fileURLToPath(new URL('../../../', import.meta.url))

type Base = typeof import('@upon/simulator') & typeof import('@upon/compliance')

interface Made {
  readonly folder: string
  readonly graph: Graph
}

/** The packages below the algorithms, each as a module, and the others as a module for each source: all that no mutant changes is loaded once. */
async function make(): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'upon-mutants-'))
  const entryPoints = Object.fromEntries(BASE.map((name) => [name, `${packages}${name}/src/index.ts`]))
  await build({ ...common, write: true, outdir: folder, outExtension: { '.js': '.mjs' }, splitting: true, entryPoints })
  const graph = await graphOf(packages, 'catalogue/src/index.ts')
  await writeModules(folder, graph)
  return { folder, graph }
}

const urlIn = (folder: string, source: string) => pathToFileURL(join(folder, `${source.replaceAll('/', '+')}.mjs`)).href

async function writeModules(folder: string, modules: Graph): Promise<void> {
  const write = ([source, code]: [string, string]) =>
    writeFile(
      fileURLToPath(urlIn(folder, source)),
      code.replaceAll(/"upon:([^"]+)"/g, (_, imported) => JSON.stringify(urlIn(folder, imported))),
    )
  await Promise.all([...modules].map(write))
}

let made: Promise<Made> | undefined
let count = 0

/** To be called by each test file that builds; the next one of the same worker builds again. */
export const cleanUp = (): void =>
  afterAll(async () => {
    const last = await made
    made = undefined
    if (last !== undefined) await rm(last.folder, { recursive: true })
  })

/** The simulator and the suites that the mutants run in. */
export const base = async (): Promise<Base> => {
  made ??= make()
  const { folder } = await made
  const load = (name: string) => import(/* @vite-ignore */ urlIn(folder, name))
  return { ...(await load('simulator')), ...(await load('compliance')) }
}

/** The contract with one of its modules changed: the algorithms see that as it is now, and the rest as it was. */
async function contractWith(file: string, changed: string, original: string): Promise<Graph> {
  const names = [...original.matchAll(/^export const (\w+)/gm)].map(([, name]) => name)
  const code = await compileAlone(packages, file, changed, { isWhole: true })
  return new Map([
    [file, code],
    ['contract', `export * from "upon:contract/original"\nexport { ${names} } from "upon:${file}"`],
  ])
}

/**
 * The catalogue with one line of one algorithm, or of one module of the contract, changed. The line must be there, exactly once: so a mutant
 * never survives because the algorithm was rewritten.
 */
export async function catalogueWith({ file, line, wrong }: Mutation): Promise<typeof import('../../src')> {
  const source = existsSync(packages + file) ? await readFile(packages + file, 'utf8') : ''
  if (source.split(line).length !== 2) throw new Error(`${file}: expected once, found ${source.split(line).length - 1} times: ${line}`)
  made ??= make()
  const { folder, graph } = await made
  const wrongSource = source.replace(line, () => wrong)
  const isContract = file.startsWith('contract/')
  const changed = isContract
    ? await contractWith(file, wrongSource, source)
    : new Map([[file, await compileAlone(packages, file, wrongSource)]])
  const modules: Graph = new Map([...dependantsOf(isContract ? 'contract' : file, graph), ...changed])
  const bundle = await bundleOf('catalogue/src/index.ts', modules, (imported) =>
    urlIn(folder, imported === 'contract/original' ? 'contract' : imported),
  )
  const mutant = join(folder, `mutant-${count++}.mjs`)
  await writeFile(mutant, bundle)
  return await import(/* @vite-ignore */ pathToFileURL(mutant).href)
}
