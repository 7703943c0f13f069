// npm run build: installs what is missing and builds all packages as they are published.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare('build')
