// node scripts/size.mjs: what an import costs a browser page, minified and gzipped, against the budgets in size.json.
// Bundling for the browser also shows that nothing of Node is in it.
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { purePackages } from './law/rules.mjs'
import { readJson, root } from './lib/workspace.mjs'

/** @typedef {{ package: string, import: string, limitBytes: number }} Budget an import of `*` takes all of it */

/** @type {import('esbuild').Plugin} */
const noNode = {
  name: 'no-node',
  setup: ({ onResolve }) => {
    onResolve({ filter: /.*/ }, ({ path, importer }) =>
      isBuiltin(path)
        ? { errors: [{ text: `${path} is banned in what a browser imports, use a port (imported by ${importer})` }] }
        : undefined,
    )
  },
}

/** @param {Budget} budget */
const sizeOf = async ({ package: name, import: imported }) => {
  const entry = imported === '*' ? `export * from './dist/index.js'` : `export { ${imported} } from './dist/index.js'`
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: join(root, 'packages', name) },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [noNode],
  })
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length
}

/** @type {Budget[]} */
const budgets = readJson(join(root, 'scripts', 'size.json'))
let failures = 0
const fail = (/** @type {string} */ message) => {
  failures++
  console.log(`error: ${message}`)
}

for (const name of purePackages)
  if (!budgets.some((budget) => budget.package === name)) fail(`@upon/${name} has no budget in scripts/size.json`)
for (const budget of budgets) {
  const what = `import { ${budget.import} } from '@upon/${budget.package}'`
  try {
    const bytes = await sizeOf(budget)
    console.log(`${what.padEnd(55)} ${String(bytes).padStart(6)} of ${budget.limitBytes} bytes`)
    if (bytes > budget.limitBytes) fail(`${what} takes ${bytes} bytes, the budget is ${budget.limitBytes}`)
  } catch (error) {
    fail(`${what}: ${/** @type {Error} */ (error).message}`)
  }
}
if (failures > 0) process.exitCode = 1
