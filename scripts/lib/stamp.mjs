import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { packages, packagesBelow, root } from './workspace.mjs'

/** @param {string} folder @returns {string[]} every file below it, sorted */
const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()

/** @param {string[]} files @param {(file: string) => string | Buffer} describe */
const digest = (files, describe) => {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(describe(file))
      .update('\0')
  return hash.digest('hex')
}

/** @param {string[]} names */
const rootFiles = (...names) => names.map((name) => join(root, name)).filter((file) => existsSync(file))

/** What decides about an installation: the lock file and every manifest. */
export const installInputs = () => {
  const manifests = [...packages(), ...packagesBelow(join(root, 'apps'))].map(({ dir }) => join(dir, 'package.json'))
  return digest([...rootFiles('package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'), ...manifests], (file) =>
    readFileSync(file),
  )
}

const isTest = (/** @type {string} */ file) => /\.test(-d)?\.ts$/.test(file)
const isGenerated = (/** @type {string} */ file) => /[\\/]gen[\\/]/.test(file)

/** @param {string} dir a package @returns {string[]} what its build reads */
const buildSources = (dir) => {
  const top = readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|ts|mjs|proto)$/.test(entry.name))
    .map((entry) => join(dir, entry.name))
  const src = existsSync(join(dir, 'src')) ? filesBelow(join(dir, 'src')) : []
  return [...top, ...src.filter((file) => !isTest(file) && !isGenerated(file))].sort()
}

/** What decides about a build: what is installed, the settings and the sources. */
export const buildInputs = () => {
  const settings = rootFiles('tsconfig.base.json', 'tsup.base.ts', 'turbo.json')
  const sources = packages().flatMap(({ dir }) => buildSources(dir))
  return `${installInputs()} ${digest([...settings, ...sources], (file) => readFileSync(file))}`
}

/** The state of what the build has written, without reading it; a file added, lost or changed by other hands gives another state. */
export const buildOutputs = () => {
  const folders = packages().flatMap(({ dir }) => [join(dir, 'dist'), join(dir, 'src', 'gen')])
  const files = folders.filter((folder) => existsSync(folder)).flatMap(filesBelow)
  return digest(files, (file) => {
    const { size, mtimeMs } = statSync(file)
    return `${size} ${mtimeMs}`
  })
}

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
