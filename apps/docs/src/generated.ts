import type { MarkdownRenderer } from 'vitepress'

/** What a page may ask for by a comment of its own line: `<!-- @figure crash -->`. */
export type Generators = Readonly<Record<string, (argument: string) => string>>

/** Lets pages have what is made when they are built, with search and links as if it had been written. */
export function withGenerated(md: MarkdownRenderer, generators: Generators): void {
  const render = md.render.bind(md)
  md.render = (source, environment) => render(insertGenerated(source, generators), environment)
}

/** Puts what is asked for in place of each `<!-- @name argument -->`. */
export const insertGenerated = (source: string, generators: Generators): string =>
  source.replaceAll(/^<!-- @(\w+)(?: ([\w-]+))? -->$/gm, (comment, name: string, argument: string | undefined) => {
    if (name === 'content') return comment // of VitePress: the content of a page made from a list
    const generate = generators[name]
    if (generate === undefined) throw new Error(`nothing generates ${comment}: there are ${Object.keys(generators).join(', ')}`)
    return generate(argument ?? '')
  })
