// npm run tools [-- NAME...]: tries the packages, as they would be published, with the compilers, test runners and bundlers that projects use,
// each in a project of its own. Fetches those from the registry.
import './lib/node-version.mjs'
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { outsideProject, runIn } from './lib/outside.mjs'
import { prepare } from './lib/prepare.mjs'
import { root } from './lib/workspace.mjs'
import { trials } from './tools/trials.mjs'

const names = process.argv.slice(2)
const chosen = trials.filter(({ name }) => names.length === 0 || names.some((each) => name.startsWith(each)))
if (chosen.length === 0) {
  console.error(`usage: npm run tools -- ${trials.map(({ name }) => `"${name}"`).join(' | ')}`)
  process.exit(2)
}

await prepare('build')
const project = await outsideProject()

/** @param {string} folder */
const writeApp = (folder) => {
  const source = join(root, 'scripts', 'tools', 'app.ts')
  copyFileSync(source, join(folder, 'app.ts'))
  const { code } = transformSync(readFileSync(source, 'utf8'), { loader: 'ts', format: 'esm' })
  writeFileSync(join(folder, 'plain.mjs'), code)
  writeFileSync(join(folder, 'main.mjs'), `import { hello } from './plain.mjs'\nhello().then((text) => console.log(text))\n`)
}

/** @param {import('./tools/trials.mjs').Trial} trial */
const attempt = async ({ name, install, files = {}, commands, prints = '' }) => {
  const folder = join(project.folder, 'tools', name.replaceAll(/[^a-z0-9]+/g, '-'))
  mkdirSync(folder, { recursive: true })
  cpSync(join(project.folder, 'tarballs'), join(folder, 'tarballs'), { recursive: true })
  copyFileSync(join(project.folder, 'package.json'), join(folder, 'package.json'))
  await runIn(folder, 'npm', 'install', '--no-audit', '--no-fund', '--save-dev', ...install)
  writeApp(folder)
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  let output = ''
  for (const [command = '', ...args] of commands) output = await runIn(folder, command, ...args)
  if (!output.includes(prints)) throw new Error(`expected ${prints}, found ${output}`)
}

try {
  for (const trial of chosen) {
    const start = Date.now()
    try {
      await attempt(trial)
      console.log(`${trial.name.padEnd(26)} works (${((Date.now() - start) / 1000).toFixed(0)} s)`)
    } catch (error) {
      process.exitCode = 1
      console.log(`${trial.name.padEnd(26)} FAILS\n${/** @type {Error} */ (error).message}`)
    }
  }
} finally {
  project.remove()
}
