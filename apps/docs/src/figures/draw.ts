import { type PictureOptions, spaceTimeSvg, type Trace } from '@upon/trace'
import { escaped } from '../catalogue/markup'
import { figures } from './figures'

/** A figure that a guide asks for by its name. */
export function drawFigure(name: string): string {
  const figure = figures[name]
  if (figure === undefined) throw new Error(`there is no figure ${name}: there are ${Object.keys(figures).join(', ')}`)
  const { trace, marked, marks, show, caption } = figure()
  return `<figure class="run">${spaceTime(trace, name, { marked, show, ...(marks && { marks }) })}<figcaption>${escaped(caption)}</figcaption></figure>`
}

/** A run as the checker draws it, with the site's colours in place of its own, and nothing that two pictures on a page would share. */
export function spaceTime(trace: Trace, name: string, options: PictureOptions): string {
  const svg = spaceTimeSvg(trace, options)
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll('id="head"', `id="head-${name}"`)
    .replaceAll('url(#head)', `url(#head-${name})`)
    .replace('<svg ', `<svg v-pre aria-label="${escaped(`A run, drawn as a space-time diagram: ${name.replaceAll('-', ' ')}`)}" `)
    .replaceAll('\n', '')
  return `<div class="picture-frame" tabindex="0" role="group" aria-label="A space-time diagram">${svg}</div>`
}
