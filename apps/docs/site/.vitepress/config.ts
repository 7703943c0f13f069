import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type DefaultTheme, defineConfig } from 'vitepress'
import { type Catalogue, layersOf, readCatalogue } from '../../src/catalogue/catalogue'
import { contents, summary, titleOf } from '../../src/catalogue/contents'
import { writeModulePages } from '../../src/catalogue/write-pages'
import { drawFigure } from '../../src/figures/draw'
import { withGenerated } from '../../src/generated'
import { checkSite } from '../../src/links/check-site'
import { playgroundPlugin } from '../../src/playground-build/plugin'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const guides: DefaultTheme.SidebarItem[] = [
  { text: 'First steps', link: '/guide/first-steps' },
  { text: 'Run the node and the hub', link: '/guide/node-and-hub' },
  { text: 'Write and test your own algorithm', link: '/guide/write' },
  { text: 'The system models', link: '/guide/models' },
  { text: 'Which of these do I want?', link: '/guide/which-broadcast' },
  { text: 'The hub protocol', link: '/guide/protocol' },
  { text: 'Glossary', link: '/guide/glossary' },
]

const catalogueSidebar = (catalogue: Catalogue): DefaultTheme.SidebarItem[] => [
  { text: 'Contents', link: '/catalogue/' },
  ...layersOf(catalogue).map(({ layer, modules }) => ({
    text: titleOf(layer),
    items: modules.map(({ facts, slug }) => ({ text: facts.name, link: `/catalogue/${slug}` })),
  })),
]

/** Written by TypeDoc, which runs first. */
const referenceSidebar = (): DefaultTheme.SidebarItem[] => {
  const file = path('../reference/typedoc-sidebar.json')
  if (!existsSync(file)) throw new Error('there is no reference yet: run `npm run docs`, or `npm run docs:dev`')
  return JSON.parse(readFileSync(file, 'utf8'))
}

export default async () => {
  const catalogue = await readCatalogue()
  writeModulePages(path('../catalogue'), catalogue)
  return defineConfig({
    title: 'upon',
    description: 'The abstractions of reliable distributed programming, as code that reads like its specification',
    lang: 'en-GB',
    cleanUrls: true,
    outDir: path('../../dist'),
    cacheDir: path('../../node_modules/.cache/vitepress'),
    head: [['link', { rel: 'icon', href: '/icon.svg', type: 'image/svg+xml' }]],
    markdown: {
      theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
      config: (md) => withGenerated(md, { contents: () => contents(catalogue), summary: () => summary(catalogue), figure: drawFigure }),
    },
    vite: {
      build: { chunkSizeWarningLimit: 1_500 }, // kB: the index of the search, which is loaded when somebody searches
      plugins: [playgroundPlugin(catalogue)],
      resolve: { conditions: ['source'] }, // an algorithm with a wrong line stands among the same packages as the one without
      worker: { format: 'es', plugins: () => [playgroundPlugin(catalogue)] },
    },
    buildEnd: ({ outDir }) => checkSite(outDir),
    themeConfig: {
      nav: [
        { text: 'Guides', link: '/guide/first-steps', activeMatch: '^/guide/' },
        { text: 'Catalogue', link: '/catalogue/', activeMatch: '^/catalogue/' },
        { text: 'Playground', link: '/playground' },
        { text: 'Glossary', link: '/guide/glossary' },
        { text: 'Reference', link: '/reference/', activeMatch: '^/reference/' },
      ],
      sidebar: {
        '/guide/': [{ text: 'Guides', items: guides }],
        '/catalogue/': catalogueSidebar(catalogue),
        '/reference/': [{ text: 'Packages', items: referenceSidebar() }],
      },
      outline: { level: [2, 3] },
      search: { provider: 'local' },
      docFooter: { prev: 'Before', next: 'Next' },
    },
  })
}
