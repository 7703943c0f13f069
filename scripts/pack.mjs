// npm run pack: packs every package as it would be published, into tarballs/. `npm install` takes them together.
import './lib/node-version.mjs'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const { prepare } = await import('./lib/prepare.mjs')
await prepare('build')

const { pnpm } = await import('./lib/tool.mjs')
const { root } = await import('./lib/workspace.mjs')
const folder = join(root, 'tarballs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
await pnpm(['-r', '--filter=./packages/*', 'pack', '--pack-destination', folder])
console.log(`${readdirSync(folder).length} tarballs are in ${folder}. In your project, all of them or those that you need:`)
console.log(`\n    npm install ${join(folder, '*.tgz')}`)
