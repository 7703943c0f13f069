// npm test [-- arguments of vitest]: installs and builds what is missing, then runs every test, of types too.
// The last line is `N passed, N failed`.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { runTests } = await import('./lib/tests.mjs')
process.exitCode = await runTests(process.argv.slice(2))
