import { existsSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { packages, root } from './workspace.mjs'

/** @typedef {ReturnType<typeof packages>[number]} Package */

/**
 * Packages of many independent parts: in ESM, each of their sources stays a module of its own, so that a bundler takes those that are
 * imported and leaves the others.
 */
const INDEPENDENT = ['contract', 'links', 'fd', 'broadcast', 'register', 'consensus', 'agreement', 'transport']

/**
 * Packages whose command is one file with all that is ours, and what reads and writes protobuf: it starts at once, also where few
 * files may be open (Node opens all modules of a program at a time).
 */
const STANDALONE = ['node']

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
}

/** What can be imported of a package: its sources, absolute. @param {Package} of @returns {string[]} */
export const entriesOf = ({ dir, manifest }) =>
  Object.values(manifest.exports).flatMap(({ source }) => (source === undefined ? [] : [join(dir, source)]))

/** What can be run of it: commands, and a worker that they start. @param {Package} of */
const programsOf = ({ dir }) => ['cli.ts', 'worker.ts'].map((file) => join(dir, 'src', file)).filter((file) => existsSync(file))

/** The source that a relative import means. @param {string} folder @param {string} path */
const sourceOf = (folder, path) =>
  [`${path}.ts`, `${path}/index.ts`].map((name) => join(folder, name)).find((file) => existsSync(file)) ?? path

/** Leaves each source a module of its own. @type {import('esbuild').Plugin} */
const separate = {
  name: 'separate',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      if (kind === 'entry-point') return undefined
      const to = relative(resolveDir, sourceOf(resolveDir, path)).replaceAll('\\', '/').replace(/\.ts$/, '.js')
      return { path: to.startsWith('.') ? to : `./${to}`, external: true }
    })
  },
}

/** The sources that entries reach. @param {string[]} entryPoints @returns {Promise<string[]>} */
const reached = async (entryPoints) => {
  const { metafile } = await build({ ...common, entryPoints, outdir: '.', write: false, metafile: true, logLevel: 'silent' })
  return Object.keys(metafile.inputs).map((file) => join(root, file))
}

/** @param {Package} of */
const moduleFiles = async (of) => {
  const outdir = join(of.dir, 'dist')
  const outbase = join(of.dir, 'src')
  const programs = programsOf(of)
  if (STANDALONE.includes(of.name)) await build({ ...common, ...standalone(of), entryPoints: programs.splice(0), outdir, outbase })
  const entryPoints = [...entriesOf(of), ...programs]
  if (!INDEPENDENT.includes(of.name)) return build({ ...common, format: 'esm', splitting: true, entryPoints, outdir, outbase })
  return build({ ...common, format: 'esm', entryPoints: await reached(entryPoints), plugins: [separate], outdir, outbase })
}

/** What its manifest names is installed beside it. @param {Package} of @returns {import('esbuild').BuildOptions} */
const standalone = ({ manifest }) => ({
  format: 'esm',
  packages: 'bundle',
  external: Object.keys(manifest.dependencies).filter((name) => !name.startsWith('@upon/')),
  conditions: ['source'],
  banner: { js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)" },
})

/** @param {Package} of */
const commonjsFiles = (of) => {
  const where = { outdir: join(of.dir, 'dist'), outbase: join(of.dir, 'src') }
  return build({ ...common, ...where, format: 'cjs', outExtension: { '.js': '.cjs' }, entryPoints: entriesOf(of) })
}

/**
 * Compiles packages into their `dist`: what commands and tests run, and for others CommonJS, too.
 * @param {readonly Package[]} all @param {{ commonjs: boolean }} options
 */
export const compile = async (all, { commonjs }) => {
  for (const { dir } of all) rmSync(join(dir, 'dist'), { recursive: true, force: true })
  await Promise.all(all.flatMap((of) => (commonjs ? [moduleFiles(of), commonjsFiles(of)] : [moduleFiles(of)])))
}
