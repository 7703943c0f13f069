// node scripts/run.mjs FILE [arguments]: installs and builds what is missing, then is that program: the same process, so that standard input,
// output, signals and the exit code are its own. FILE is `examples` for the one that the first argument names.
import './lib/node-version.mjs'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [target = '', ...given] = process.argv.slice(2)
const { root } = await import('./lib/workspace.mjs')
let file = join(root, target)
let args = given
if (target === 'examples') {
  const names = ['chat', 'counter', 'kv', 'lock', 'rsm']
  const [name = '', ...rest] = given
  if (!names.includes(name)) {
    console.error(`usage: npm run example -- ${names.join(' | ')}`)
    process.exit(2)
  }
  file = join(file, `${name}.mjs`)
  args = rest
}

const { prepare } = await import('./lib/prepare.mjs')
await prepare()
if (!existsSync(file)) {
  console.error(`upon: there is no ${file}`)
  process.exit(1)
}
process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...args)
await import(pathToFileURL(file).href)
