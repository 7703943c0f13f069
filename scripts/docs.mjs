// npm run docs: installs and builds what is missing, then builds the site into apps/docs/dist. Fails with a list of what is undocumented,
// contradicts itself or leads nowhere.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { buildSite } = await import('./lib/docs.mjs')
process.exitCode = await buildSite()
if (process.exitCode === 0) console.log('\nThe site is in apps/docs/dist. `npm run docs:dev` serves it.')
