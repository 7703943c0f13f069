// The reference: one page for every entry point of every package, from the doc comments. What is wrong with them fails the build.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const packagesFolder = fileURLToPath(new URL('../../packages', import.meta.url))

/** Every entry point of every package, from its manifest: what can be imported, and the file that it is. */
export const entryPoints = readdirSync(packagesFolder)
  .sort()
  .filter((name) => existsSync(join(packagesFolder, name, 'package.json')))
  .flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(packagesFolder, name, 'package.json'), 'utf8'))
    return Object.entries(manifest.exports)
      .filter(([, target]) => target.source !== undefined)
      .map(([path, target]) => ({ specifier: join(manifest.name, path), file: join(packagesFolder, name, target.source) }))
  })

/** @type {Partial<import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions> & Record<string, unknown>} */
export default {
  entryPoints: entryPoints.map(({ file }) => file),
  tsconfig: '../../tsconfig.json',
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme', './typedoc.plugin.mjs'],
  out: 'site/reference',
  docsRoot: 'site',
  outputFileStrategy: 'modules',
  excludeScopesInPaths: true,
  readme: 'none',
  name: 'Reference',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  useHTMLAnchors: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  enumMembersFormat: 'table',
  tableColumnSettings: { hideInherited: true, hideModifiers: true, hideDefaults: true, hideOverrides: true, hideSources: true },
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Enum'],
  validation: { notExported: false, invalidLink: true, notDocumented: true, rewrittenLink: true, unusedMergeModuleWith: true },
  treatValidationWarningsAsErrors: true,
  treatWarningsAsErrors: true,
}
