// npm test [-- what]: installs and builds what is missing, checks all types and runs every test. With arguments, which are a package's name or
// vitest's own, only those tests, and no types. The last line is `N passed, N failed`.
import './lib/node-version.mjs'

const { packages } = await import('./lib/workspace.mjs')
const { prepare } = await import('./lib/prepare.mjs')
const { checkTypes } = await import('./lib/types.mjs')
const { runTests } = await import('./lib/tests.mjs')

const args = process.argv.slice(2)
const names = new Set(packages().map(({ name }) => name))
/** A package's tests, and the compliance of its algorithms. @param {string} arg */
const select = (arg) => (names.has(arg) ? [`packages/${arg}/`, `packages/catalogue/test/${arg}/`] : [arg])

if (args.length === 0) console.error('upon: about 7 minutes on two cores, also the first time, when everything is installed and built')
await prepare()
process.exitCode = await (args.length === 0 ? runTests([], checkTypes()) : runTests(args.flatMap(select)))
