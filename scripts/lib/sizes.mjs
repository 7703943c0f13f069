import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { purePackages } from '../law/rules.mjs'
import { readJson, root } from './workspace.mjs'

/** @typedef {{ from: string, import: string, limitBytes: number }} Budget an import of `*` takes all of it; `each` stands for each algorithm alone */

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

/**
 * What an import costs a browser page, minified and gzipped, in bytes. That it can be bundled shows that nothing of Node is in it.
 * @param {string} project a folder in which the packages are found @param {Budget} budget
 */
const sizeOf = async (project, { from, import: imported }) => {
  const contents = imported === '*' ? `export * from '${from}'` : `export { ${imported} } from '${from}'`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
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

/** The algorithms that a package exports. @param {string} project @param {string} from */
const algorithmsOf = async (project, from) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `import * as all from '${from}'; export default Object.entries(all).filter(([, x]) => x.sort === 'algorithm').map(([n]) => n)`,
      resolveDir: project,
    },
    bundle: true,
    write: false,
    format: 'esm',
    logLevel: 'silent',
  })
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`)
  return /** @type {string[]} */ (module.default)
}

/** @type {Budget[]} */
const budgets = readJson(join(root, 'scripts', 'size.json'))

/**
 * Weighs what the budgets name. @param {string} project a folder in which the packages are found
 * @returns {Promise<{ lines: string[], errors: string[] }>} a line for each import, and what is against the budgets
 */
export const weigh = async (project) => {
  const unbudgeted = purePackages.filter((name) => !budgets.some(({ from }) => from === `@upon/${name}`))
  const errors = unbudgeted.map((name) => `@upon/${name} has no budget in scripts/size.json`)
  const lines = []
  for (const budget of budgets) {
    const names = budget.import === 'each' ? await algorithmsOf(project, budget.from) : [budget.import]
    for (const name of names) {
      const what = `import { ${name} } from '${budget.from}'`
      try {
        const bytes = await sizeOf(project, { ...budget, import: name })
        lines.push(`${what.padEnd(70)} ${String(bytes).padStart(6)} of ${budget.limitBytes} bytes`)
        if (bytes > budget.limitBytes) errors.push(`${what} takes ${bytes} bytes, the budget is ${budget.limitBytes}`)
      } catch (error) {
        errors.push(`${what}: ${/** @type {Error} */ (error).message}`)
      }
    }
  }
  return { lines, errors }
}
