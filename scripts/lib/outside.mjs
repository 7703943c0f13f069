import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pnpm } from './tool.mjs'
import { packages } from './workspace.mjs'

/** Runs a command in a folder; rejects with its output when it fails. @param {string} folder @param {string} command @param {string[]} args */
export const runIn = async (folder, command, ...args) => {
  // what a workspace, a test runner or `npm test` has put into the environment is none of that project's
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|PNPM)/i.test(name) || name === 'npm_config_registry'),
  )
  try {
    return (await promisify(execFile)(command, args, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' })).stdout
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error)
    throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

/** The packages that depend on nothing but each other. @returns {string[]} */
const selfContained = () => {
  const all = new Map(packages().map(({ manifest }) => [manifest.name, Object.keys(manifest.dependencies ?? {})]))
  const isSelfContained = (/** @type {string} */ name) => all.get(name)?.every(isSelfContained) ?? false
  return [...all.keys()].filter(isSelfContained)
}

/**
 * A project outside of this repository, with the packages that depend on nothing but each other installed from their tarballs, as somebody
 * else would have them. Nothing is fetched.
 */
export const outsideProject = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'upon-outside-'))
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  await pnpm(['-r', ...selfContained().map((name) => `--filter=${name}`), 'pack', '--pack-destination', tarballs])
  const found = readdirSync(tarballs).map((file) => [`@upon/${/^upon-(.+)-\d/.exec(file)?.[1]}`, `file:tarballs/${file}`])
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'outside', private: true, dependencies: Object.fromEntries(found) }))
  await runIn(folder, 'npm', 'install', '--offline', '--no-audit', '--no-fund')
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
