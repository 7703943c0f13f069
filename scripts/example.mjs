// npm run example -- NAME: installs and builds what is missing, then runs examples/NAME.mjs.
import './lib/node-version.mjs'

const names = ['chat', 'counter', 'kv', 'lock']
const [name = '', ...args] = process.argv.slice(2)
if (!names.includes(name)) {
  console.error(`usage: npm run example -- ${names.join(' | ')}`)
  process.exit(2)
}

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { become } = await import('./lib/become.mjs')
await become(`examples/${name}.mjs`, args)
