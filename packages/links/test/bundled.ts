import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const scripts = new Map<string, Promise<string>>()

/** A script of this folder, `tcp/endpoint-process.ts`, with all that it imports as one plain JavaScript file. Returns where that is. */
export function bundled(script: string): Promise<string> {
  let made = scripts.get(script)
  if (made === undefined) {
    made = bundle(fileURLToPath(new URL(`./${script}`, import.meta.url)))
    scripts.set(script, made)
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
