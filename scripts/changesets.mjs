// node scripts/changesets.mjs: every published package whose code has changed is named by a changeset. Works in a clone without the base branch.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packages, readJson, root } from './lib/workspace.mjs'

const folder = join(root, '.changeset')
const isUnreleased = (/** @type {string} */ version) => version === '0.0.0'

/** @param {string[]} args @returns {string | undefined} */
const git = (...args) => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

/** @type {string[]} */
const complaints = []
/** @type {Map<string, string>} */
const named = new Map()
for (const file of readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md')) {
  const [, front = '', text = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(join(folder, file), 'utf8')) ?? []
  const entries = [...front.matchAll(/^["']?(@?[^"':]+)["']?: (major|minor|patch)$/gm)]
  if (entries.length === 0) complaints.push(`.changeset/${file} names no package`)
  if (text.trim() === '') complaints.push(`.changeset/${file} does not say what has changed`)
  for (const [, name = '', bump = ''] of entries) named.set(name, bump)
}

const published = packages().filter(({ manifest }) => !manifest.private)
for (const name of named.keys())
  if (!published.some(({ manifest }) => manifest.name === name))
    complaints.push(`a changeset names ${name}, which is not a published package`)

const { baseBranch } = readJson(join(folder, 'config.json'))
const base = [`origin/${baseBranch}`, baseBranch].map((ref) => git('merge-base', 'HEAD', ref)).find((commit) => commit !== undefined)
const changed = base === undefined ? [] : (git('diff', '--name-only', base) ?? '').split('\n')
const isVisible = (/** @type {string} */ path) => /\/(src\/.*|package\.json)$/.test(path) && !/\.test(-d)?\.ts$/.test(path)
for (const { name, manifest } of published) {
  const hasChanged = isUnreleased(manifest.version) || changed.some((path) => path.startsWith(`packages/${name}/`) && isVisible(path))
  if (hasChanged && !named.has(manifest.name))
    complaints.push(`${manifest.name} has changed and no changeset names it: run \`npx changeset\``)
}

if (git('rev-parse', '--verify', baseBranch) !== undefined) {
  const changeset = join(root, 'node_modules', '@changesets', 'cli', 'bin.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [changeset, 'status'], { cwd: root, encoding: 'utf8' })
  if (status !== 0) complaints.push(`changeset status:\n${stdout}${stderr}`)
}

for (const complaint of complaints) console.log(`error: ${complaint}`)
console.log(
  `changesets: ${published.length} packages, ${named.size} named, base ${base?.slice(0, 8) ?? 'unknown'}, ${complaints.length} errors`,
)
if (complaints.length > 0) process.exitCode = 1
