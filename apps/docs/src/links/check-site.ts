import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { brokenLinks, type Page } from './broken-links'

/** Throws with a list if a link of the built site leads nowhere: to no page, no anchor, or another host. */
export function checkSite(folder: string): void {
  const broken = brokenLinks(pagesBelow(folder), filesBelow(folder))
  if (broken.length > 0) throw new Error(`${broken.length} broken links:\n${broken.map((each) => `  ${each}`).join('\n')}`)
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `/${name.split(sep).join('/')}`)

/** The pages of a built site, by their addresses. */
export const pagesBelow = (folder: string): Page[] =>
  filesBelow(folder)
    .filter((name) => name.endsWith('.html') && name !== '/404.html')
    .sort()
    .map((name) => ({ address: addressOf(name), html: readFileSync(join(folder, name), 'utf8') }))

/** `/guide/models.html` is at `/guide/models`, and `/guide/index.html` at `/guide/`. */
const addressOf = (name: string): string => name.replace(/index\.html$/, '').replace(/\.html$/, '')
