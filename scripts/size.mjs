// node scripts/size.mjs: what an import costs a browser page, minified and gzipped, against the budgets in size.json.
import { weigh } from './lib/sizes.mjs'
import { root } from './lib/workspace.mjs'

const { lines, errors } = await weigh(root)
for (const line of lines) console.log(line)
for (const error of errors) console.log(`error: ${error}`)
if (errors.length > 0) process.exitCode = 1
