// npm start [-- arguments of the hub]: installs and builds what is missing, then is the hub: same process, so that standard
// input, output, signals and the exit code are the hub's own. Without --port it takes another port when 5000 is taken, and says so.
import './lib/node-version.mjs'

const { existsSync } = await import('node:fs')
if (!existsSync(new URL('../packages/hub/dist/cli.js', import.meta.url))) {
  console.error('upon: the first start installs and builds, which takes about a minute; later ones begin at once. Ctrl-C ends it.')
}

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { become } = await import('./lib/become.mjs')
await become('packages/hub/dist/cli.js', process.argv.slice(2))
