import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { edges, runTimeEdges } from './rules.mjs'
import { error, importsOf } from './sources.mjs'

/** @typedef {import('./sources.mjs').House} House @typedef {import('./sources.mjs').Source} Source @typedef {import('./sources.mjs').Finding} Finding */

const scope = '@upon/'

/** @param {string} from @param {string} to @param {string} where @returns {Finding[]} */
const checkEdge = (from, to, where) => {
  const allowed = edges[from]
  if (allowed === undefined || allowed.includes(to) || from === to) return []
  const list = allowed.length > 0 ? allowed.map((name) => scope + name).join(', ') : 'nothing'
  return [{ severity: 'error', where, message: `${scope}${to} is banned in ${scope}${from}, use ${list}: dependencies run one way` }]
}

/** The manifests: only allowed edges, and no cycle, not even through development dependencies. @param {House} house @returns {Finding[]} */
const checkManifests = ({ packages }) =>
  packages.flatMap(({ folder, manifest }) => {
    const where = `packages/${folder}/package.json`
    if (edges[folder] === undefined)
      return [
        {
          severity: /** @type {const} */ ('error'),
          where,
          message: `packages/${folder} is not in the law: add its line to \`edges\` in scripts/law/rules.mjs`,
        },
      ]
    const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies })
    const own = names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length))
    return own.filter((name) => !runTimeEdges[folder]?.includes(name)).flatMap((name) => checkEdge(folder, name, where))
  })

/** @param {House} house @returns {Finding[]} */
const checkCycles = ({ packages }) => {
  const needs = new Map(
    packages.map(({ folder, manifest }) => {
      const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies })
      return [folder, names.filter((name) => name.startsWith(scope)).map((name) => name.slice(scope.length))]
    }),
  )
  /** @param {string} at @param {string[]} path @returns {string[] | undefined} */
  const cycleFrom = (at, path) => {
    if (path.includes(at)) return at === path[0] ? [...path, at] : undefined
    for (const next of needs.get(at) ?? []) {
      const cycle = cycleFrom(next, [...path, at])
      if (cycle) return cycle
    }
    return undefined
  }
  for (const folder of needs.keys()) {
    const cycle = cycleFrom(folder, [])
    if (cycle)
      return [
        {
          severity: 'error',
          where: `packages/${folder}/package.json`,
          message: `packages need each other: ${cycle.join(' -> ')}; let a package above both hold the test`,
        },
      ]
  }
  return []
}

/** @param {Source} source @param {any} manifest @param {string[]} tools @returns {Finding[]} */
const checkImports = (source, manifest, tools) => {
  const mayUseDevelopment = source.isTest || source.isBench || source.isScript
  const dependencies = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }
  const declared = mayUseDevelopment ? { ...dependencies, ...manifest.devDependencies } : dependencies
  return importsOf(source).flatMap(({ specifier, node, atRunTime }) => {
    if (specifier.startsWith('.')) return checkRelative(source, node, specifier)
    if (isBuiltin(specifier)) return []
    const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
    if (name === manifest.name) return []
    /** @type {Finding[]} */
    const findings = []
    const isOurs = name.startsWith(scope)
    if (isOurs && !mayUseDevelopment && !(atRunTime && runTimeEdges[source.package]?.includes(name.slice(scope.length))))
      findings.push(...checkEdge(source.package, name.slice(scope.length), error(source, node, '').where))
    const isTool = mayUseDevelopment && tools.includes(name)
    if (declared[name] === undefined && !isTool)
      findings.push(error(source, node, `${name} is not a dependency of ${manifest.name}: add it to its package.json`))
    return findings
  })
}

/** @param {Source} source @param {import('typescript').Node} node @param {string} specifier @returns {Finding[]} */
const checkRelative = (source, node, specifier) => {
  const target = posix.join(posix.dirname(source.path), specifier)
  const home = `packages/${source.package}`
  if (!source.isScript && target !== home && !target.startsWith(`${home}/`))
    return [error(source, node, `'${specifier}' leaves its package, use the package's name (${scope}...)`)]
  if (!source.isBench && source.path.endsWith('.ts') && /\.(ts|js)$/.test(specifier))
    return [error(source, node, `an extension in '${specifier}' is banned, use '${specifier.replace(/\.(ts|js)$/, '')}'`)]
  return []
}

/**
 * An example is what somebody else would write: it imports what is published, and nothing depends on it. (What runs it starts a process.)
 * @param {Source} source @param {string[]} tools @returns {Finding[]}
 */
const checkExamples = (source, tools) => {
  const isExample = source.path.startsWith('examples/')
  return importsOf(source).flatMap(({ specifier, node }) => {
    const target = posix.join(posix.dirname(source.path), specifier)
    const isInExamples = specifier.startsWith('.') && target.startsWith('examples/')
    if (!isExample) return isInExamples ? [error(source, node, `'${specifier}' is banned, nothing depends on an example`)] : []
    const isPublished = specifier.startsWith(scope) && tools.includes(specifier.split('/', 2).join('/'))
    if (isInExamples || isBuiltin(specifier) || isPublished) return []
    return [error(source, node, `'${specifier}' is banned in an example, use what is published (${scope}...), or node:`)]
  })
}

/** Dependencies run one way. @param {House} house @returns {Finding[]} */
export const checkDependencies = (house) => {
  const manifests = new Map(house.packages.map(({ folder, manifest }) => [folder, manifest]))
  const inPackages = house.sources.filter((source) => manifests.has(source.package))
  return [
    ...checkManifests(house),
    ...checkCycles(house),
    ...inPackages.flatMap((source) => checkImports(source, manifests.get(source.package), house.tools)),
    ...house.sources.flatMap((source) => checkExamples(source, house.tools)),
  ]
}
