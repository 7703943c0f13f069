// npm run bench [-- arguments]: installs and builds what is missing, then runs every packages/*/bench/*.mjs, one after another.
import './lib/node-version.mjs'

const { prepare } = await import('./lib/prepare.mjs')
await prepare()

const { existsSync, readdirSync } = await import('node:fs')
const { join, relative } = await import('node:path')
const { runNode } = await import('./lib/tool.mjs')
const { packages, root } = await import('./lib/workspace.mjs')

const folders = packages()
  .map(({ dir }) => join(dir, 'bench'))
  .filter((folder) => existsSync(folder))
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.mjs') && !name.startsWith('_'))
    .sort()
    .map((name) => join(folder, name)),
)
for (const file of files) {
  console.log(`\n${relative(root, file)}`)
  const exitCode = await runNode(file, process.argv.slice(2))
  if (exitCode !== 0) process.exitCode = exitCode
}
