import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Catalogue } from './catalogue'
import { modulePage } from './module-page'

/** A wide page: its algorithms' table and the sidebar are what leads through it. */
const FRONT_MATTER = '---\npageClass: catalogue\naside: false\noutline: [2, 3]\n---\n\n'

/** Writes a page for each module beside the written `index.md`, so that search finds what is on it, and removes the pages of modules that no longer exist. */
export function writeModulePages(folder: string, catalogue: Catalogue): void {
  const pages = new Map(catalogue.modules.map((module) => [`${module.slug}.md`, FRONT_MATTER + modulePage(catalogue, module)]))
  for (const name of readdirSync(folder)) if (name !== 'index.md' && !pages.has(name)) rmSync(join(folder, name))
  for (const [name, text] of pages) {
    const file = join(folder, name)
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text)
  }
}
