import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const scripts = new Map<string, Promise<string>>()

/** A script with all that it imports as one plain JavaScript file, built once. Returns where that is. */
export function bundled({ href }: URL): Promise<string> {
  let made = scripts.get(href)
  if (made === undefined) {
    made = bundle(fileURLToPath(href))
    scripts.set(href, made)
  }
  return made
}

async function bundle(entry: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'upon-links-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, resolve: { conditions: ['source'] } },
    build: { ssr: entry, outDir: folder, emptyOutDir: false, target: 'node20' },
  })
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return join(folder, basename(entry).replace(/ts$/, 'js'))
}
