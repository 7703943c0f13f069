/** A page of the built site. */
export interface Page {
  /** `/guide/models`, without the ending. */
  readonly address: string
  readonly html: string
}

const decoded = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

const attributesOf = (html: string, name: string): string[] =>
  [...html.matchAll(new RegExp(`<[a-z][^>]*\\s${name}="([^"]*)"`, 'g'))].map(([, value = '']) => decoded(value))

/** What links lead nowhere, each with its page. `files` are those that are no pages: pictures, styles. */
function brokenIn(page: Page, anchors: ReadonlyMap<string, ReadonlySet<string>>, files: ReadonlySet<string>): string[] {
  return [...new Set([...attributesOf(page.html, 'href'), ...attributesOf(page.html, 'src')])].flatMap((link) => {
    if (/^(mailto:|data:)/.test(link)) return []
    const url = new URL(link, `http://site${page.address}`)
    if (url.host !== 'site') return [`${page.address}: ${link} leaves the site`]
    const path = decodeURIComponent(url.pathname)
    if (files.has(path) && !path.endsWith('.html')) return []
    const target = anchors.get(path) ?? anchors.get(path.replace(/\.html$/, ''))
    if (target === undefined) return [`${page.address}: ${link} leads to no page`]
    const anchor = decodeURIComponent(url.hash.slice(1))
    return anchor === '' || target.has(anchor) ? [] : [`${page.address}: ${link} leads to no heading of that page`]
  })
}

/** The links of all pages that lead nowhere. */
export function brokenLinks(pages: readonly Page[], files: readonly string[]): string[] {
  const anchors = new Map(pages.map(({ address, html }) => [address, new Set(attributesOf(html, 'id'))]))
  const known = new Set(files)
  return pages.flatMap((page) => brokenIn(page, anchors, known))
}
