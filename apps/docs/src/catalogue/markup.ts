/** Text of ours for a page: what it quotes as code stays, and nothing in it is taken for a tag or a placeholder. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`\n]*`)/)
    .map((part, i) => (i % 2 === 1 ? `<code v-pre>${escaped(part.slice(1, -1))}</code>` : escapedOutsideCode(part)))
    .join('')

const escapedOutsideCode = (text: string): string => escaped(text).replaceAll(/([*_[\]|])/g, '\\$1')

/** Text for HTML, in content and in attributes. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('{{', '&#123;&#123;')

/** Something short in code, inside prose. */
export const code = (text: string): string => `<code v-pre>${escaped(text).replaceAll('|', '&#124;')}</code>`

/** A block of code of a page, highlighted. */
export const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trim()}\n\`\`\``

/** A table whose cells are markup already. Scrolls by itself on a narrow screen. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('\n', ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** An event as the book writes it: ⟨ *beb*, Broadcast | *m* ⟩. */
export const event = (instance: string, name: string, attributes: readonly string[]): string => {
  const what = `<i>${escaped(instance)}</i>, ${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const carried = attributes.length > 0 ? ` | <i>${escaped(attributes.join(', '))}</i>` : ''
  return `<span class="event">⟨ ${what}${carried.replace('|', '&#124;')} ⟩</span>`
}
