// npm start [-- arguments of the hub]: installs and builds what is missing, then is the hub: same process, so that standard
// input, output, signals and the exit code are the hub's own.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { become } = await import('./lib/become.mjs')
await become('packages/hub/dist/cli.js', process.argv.slice(2))
