import { spaceTimeSvg } from '@upon/checker'
import { escaped } from '../catalogue/markup'
import { figures } from './figures'

/** A figure of a run, as the checker draws it: the site's colours in place of its own, and nothing that two figures would share. */
export function drawFigure(name: string): string {
  const figure = figures[name]
  if (figure === undefined) throw new Error(`there is no figure ${name}: there are ${Object.keys(figures).join(', ')}`)
  const { trace, marked, show, caption } = figure()
  return `<figure class="run">${fitted(spaceTimeSvg(trace, { marked, show }), name)}<figcaption>${escaped(caption)}</figcaption></figure>`
}

const fitted = (svg: string, name: string): string =>
  svg
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/id="head"/g, `id="head-${name}"`)
    .replaceAll('url(#head)', `url(#head-${name})`)
    .replace('<svg ', `<svg v-pre aria-label="${escaped(name.replaceAll('-', ' '))}" `)
    .replaceAll('\n', '')
