// npm run docs:test: builds the site and looks at every page of it in Debian's chromium. Ends with `N passed, N failed`.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { buildSite } = await import('./lib/docs.mjs')
const { runTests } = await import('./lib/tests.mjs')
const built = await buildSite()
process.exitCode = built === 0 ? await runTests(['--config', 'apps/docs/vitest.browser.config.ts', ...process.argv.slice(2)]) : built
