// npm run mutants -- [file or algorithm ...]: installs and builds what is missing, then makes every small mistake in the algorithms, one at a
// time, and says which nothing catches.
import './lib/node-version.mjs'
import { mutantsOptions } from './mutants/options.mjs'

const options = mutantsOptions(process.argv.slice(2))
if (options !== undefined) {
  const { prepare } = await import('./lib/prepare.mjs')
  await prepare()
  const { runMutants } = await import('./mutants/run.mjs')
  process.exitCode = await runMutants(options)
}
