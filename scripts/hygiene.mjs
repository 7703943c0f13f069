// node scripts/hygiene.mjs: the lock file and all tracked files carry no host of a package registry, and there is one lock file only.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './lib/workspace.mjs'

/** @param {string} command @param {string[]} args */
const linesOf = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter(Boolean)

/** The registry that this machine uses, which the lock file must not remember. */
const registryHost = () => {
  try {
    const [url = ''] = linesOf('npm', 'config', 'get', 'registry')
    return [new URL(url).host]
  } catch {
    return []
  }
}

// In pieces, so that this file passes its own check.
const hosts = [
  ...registryHost(),
  ['npm', 'js.org'],
  ['npm', 'mirror.com'],
  ['yarn', 'pkg.com'],
  ['jfr', 'og.io'],
  ['npm.pkg.', 'github.com'],
].map((host) => (typeof host === 'string' ? host : host.join('')))
const registry = new RegExp(`${'regis'}${'try'}\\.[a-z0-9-]+\\.(com|org|net|io|dev|cn|internal|local)\\b`, 'i')

/** @type {string[]} */
const complaints = []
const tracked = linesOf('git', 'ls-files').filter((file) => existsSync(join(root, file)))
for (const file of tracked) {
  const text = readFileSync(join(root, file), 'latin1')
  text.split('\n').forEach((line, index) => {
    const host = hosts.find((name) => line.includes(name)) ?? registry.exec(line)?.[0]
    if (host)
      complaints.push(`${file}:${index + 1}: the registry host ${host} is banned: which registry to use is the machine's own setting`)
    if (file === 'pnpm-lock.yaml' && /https?:|tarball:/.test(line))
      complaints.push(
        `${file}:${index + 1}: addresses are banned in the lock file, use dependencies from the default registry that are not deprecated: ${line.trim()}`,
      )
  })
}
for (const name of ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'bun.lock'])
  for (const file of tracked.filter((path) => path.split('/').at(-1) === name)) complaints.push(`${file} is banned, use pnpm-lock.yaml`)
if (!tracked.includes('pnpm-lock.yaml')) complaints.push('pnpm-lock.yaml is not tracked')

for (const complaint of complaints) console.log(`error: ${complaint}`)
console.log(`hygiene: ${tracked.length} tracked files, ${complaints.length} errors`)
if (complaints.length > 0) process.exitCode = 1
