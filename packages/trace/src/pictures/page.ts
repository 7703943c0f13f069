import { COLORS, escaped } from './markup'

/** A part of a page: title, paragraphs, and a picture as SVG. */
export interface PageSection {
  readonly title?: string
  readonly paragraphs: readonly string[]
  readonly picture: string
}

const STYLE = `${COLORS}
  body { margin: 0; background: var(--paper); color: var(--ink); padding: 16px } h1, h2 { font-size: 1.2em }`

/** Pictures as one self-contained HTML file, for phones and large screens, for light and dark. Texts are escaped. */
export function picturePage(title: string, sections: readonly PageSection[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body class="picture"><h1>${escaped(title)}</h1>
${sections.map(sectionOf).join('\n')}</body></html>
`
}

function sectionOf({ title, paragraphs, picture }: PageSection): string {
  const head = title === undefined ? [] : [`<h2>${escaped(title)}</h2>`]
  return [...head, ...paragraphs.map((text) => `<p>${escaped(text)}</p>`), `<div style="overflow-x:auto">${picture}</div>`].join('\n')
}
