// npm run docs:dev [-- arguments of vitepress]: installs and builds what is missing, then serves the site, and shows its pages anew as they change.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { serveSite } = await import('./lib/docs.mjs')
process.exitCode = await serveSite(process.argv.slice(2))
