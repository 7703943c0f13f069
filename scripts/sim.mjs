// npm run sim -- ALGORITHM [arguments]: installs and builds what is missing, then is upon-sim.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { become } = await import('./lib/become.mjs')
await become('packages/catalogue/dist/cli.js', process.argv.slice(2))
