import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'

/** What no mutant changes. */
export const BASE = ['contract', 'runtime', 'trace', 'linearizability', 'checker', 'simulator', 'compliance']

export const common: BuildOptions = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['source'],
  logLevel: 'error',
}

/** Sources under `packages/`, compiled each alone. What they import stands in them as `"upon:<source>"`, or `"upon:<name>"` if it is a package of the base. */
export type Graph = Map<string, string>

const named = (packages: string, file: string) => relative(packages, file).replaceAll('\\', '/')

/** Leaves imports as they are named in a graph. */
const alone = (packages: string): Plugin => ({
  name: 'alone',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(\.|@upon\/)/ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point') return undefined
      const name = path.replace('@upon/', '')
      if (BASE.includes(name)) return { path: `upon:${name}`, external: true }
      const from = path.startsWith('@upon/') ? join(packages, name, 'src') : join(resolveDir, path)
      const source = [`${from}.ts`, join(from, 'index.ts')].find((file) => existsSync(file)) ?? from
      return { path: `upon:${named(packages, source)}`, external: true }
    })
  },
})

/** Leaves imports of packages as they are named in a graph. */
const packagesAlone: Plugin = {
  name: 'packages-alone',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^@upon\// }, ({ path }) => ({ path: path.replace('@upon/', 'upon:'), external: true }))
  },
}

/** Compiles one source as it is given; with `isWhole`, with all that it imports of its own package. */
export async function compileAlone(packages: string, file: string, contents: string, { isWhole = false } = {}): Promise<string> {
  const stdin = { contents, resolveDir: dirname(packages + file), sourcefile: file, loader: 'ts' as const }
  const { outputFiles } = await build({ ...common, stdin, plugins: [isWhole ? packagesAlone : alone(packages)] })
  return outputFiles?.[0]?.text ?? ''
}

/** The sources that an entry reaches above the base. */
export async function graphOf(packages: string, entry: string): Promise<Graph> {
  const { metafile } = await build({ ...common, entryPoints: [packages + entry], outdir: '.', metafile: true, absWorkingDir: packages })
  const sources = Object.keys(metafile?.inputs ?? {}).filter((file) => !BASE.includes(file.split('/')[0] as string))
  const entryPoints = sources.map((file) => packages + file)
  const { outputFiles } = await build({ ...common, entryPoints, outdir: packages, outbase: packages, plugins: [alone(packages)] })
  return new Map(outputFiles?.map(({ path, text }) => [named(packages, path).replace(/\.js$/, '.ts'), text]))
}

/** The modules that import something, directly or not. */
export function dependantsOf(source: string, graph: Graph): Graph {
  const found: Graph = new Map()
  for (const wanted = [source]; wanted.length > 0; ) {
    const imported = `"upon:${wanted.pop()}"`
    for (const [name, code] of graph) {
      if (found.has(name) || !code.includes(imported)) continue
      found.set(name, code)
      wanted.push(name)
    }
  }
  return found
}

/** Modules of a graph as one, for many are slow to load; what is not among them is imported from where `urlOf` says. */
export async function bundleOf(entry: string, modules: Graph, urlOf: (source: string) => string): Promise<string> {
  const plugin: Plugin = {
    name: 'graph',
    setup: ({ onLoad, onResolve }) => {
      onResolve({ filter: /^upon:/ }, ({ path }) => {
        const source = path.slice('upon:'.length)
        return modules.has(source) ? { path: source, namespace: 'graph' } : { path: urlOf(source), external: true }
      })
      onLoad({ filter: /^/, namespace: 'graph' }, ({ path }) => ({ contents: modules.get(path) ?? '', loader: 'js' }))
    },
  }
  const { outputFiles } = await build({ ...common, entryPoints: [`upon:${entry}`], outdir: '.', plugins: [plugin] })
  return outputFiles?.[0]?.text ?? ''
}
