// npm run demo [-- arguments]: installs and builds what is missing, then is the walk-through.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { become } = await import('./lib/become.mjs')
await become('scripts/walk-through.mjs', process.argv.slice(2))
