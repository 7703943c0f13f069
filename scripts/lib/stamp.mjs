import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { packages, packagesBelow, root } from './workspace.mjs'

/** @param {string} folder @returns {string[]} the files below it */
const filesBelow = (folder) =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))

/**
 * The state of files without reading them. `ctime` is when a file was last changed here, by whatever means: copying an old one
 * over it changes that, too.
 * @param {string[]} files
 */
const stateOf = (files) => {
  const lines = files
    .filter((file) => existsSync(file))
    .sort()
    .map((file) => `${relative(root, file)} ${statSync(file).size} ${statSync(file).ctimeMs}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}

/** @param {string[]} names */
const rootFiles = (...names) => names.map((name) => join(root, name))

/** What decides about an installation: the lock file and every manifest. */
export const installInputs = () => {
  const manifests = [...packages(), ...packagesBelow(join(root, 'apps'))].map(({ dir }) => join(dir, 'package.json'))
  return stateOf([...rootFiles('package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'), ...manifests])
}

/** How a build is made. */
const SETTINGS = [
  'tsconfig.base.json',
  'tsconfig.declarations.json',
  'turbo.json',
  'scripts/lib/compile.mjs',
  'scripts/lib/declarations.mjs',
]

/** What decides about a build: what is installed, the settings and the sources. */
export const buildInputs = () => {
  const sources = packages().flatMap(({ dir }) => [
    ...readdirSync(dir)
      .filter((name) => /\.(json|ts|mjs|proto)$/.test(name))
      .map((name) => join(dir, name)),
    ...filesBelow(join(dir, 'src')).filter((file) => !/\.test(-d)?\.ts$|[\\/]gen[\\/]/.test(file)),
  ])
  return `${installInputs()} ${stateOf([...rootFiles(...SETTINGS), ...sources])}`
}

/** What a build has written; other hands may have changed it since. */
export const buildOutputs = () =>
  stateOf(
    packages()
      .flatMap(({ dir }) => [join(dir, 'dist'), join(dir, 'src', 'gen')])
      .flatMap(filesBelow),
  )

/** Every dependency of every package is linked. */
export const isLinked = () =>
  [{ dir: root, manifest: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) }, ...packages()].every(({ dir, manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).every((name) =>
      existsSync(join(dir, 'node_modules', name, 'package.json')),
    ),
  )

const stampFile = (/** @type {string} */ name) => join(root, 'node_modules', '.upon', name)

/** @param {string} name @param {string} value */
export const hasStamp = (name, value) => existsSync(stampFile(name)) && readFileSync(stampFile(name), 'utf8') === value

/** @param {string} name @param {string} value an empty one never matches: what it stands for is under way */
export const writeStamp = (name, value) => {
  mkdirSync(dirname(stampFile(name)), { recursive: true })
  writeFileSync(stampFile(name), value)
}
