import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository, absolute. */
export const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Something that a package exports: `BasicBroadcast` of `@upon/broadcast`. */
export interface Exported {
  readonly specifier: string
  readonly name: string
  readonly value: unknown
}

/** A file of a package's source, which is not a test. */
export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string
  readonly text: string
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | { readonly source?: string }>>
}

/** The packages by the names of their folders. */
export const packageFolders = (): string[] =>
  readdirSync(join(root, 'packages'))
    .sort()
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))

const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'))

/** What can be imported of a package: `@upon/transport`, `@upon/transport/memory`, ... */
const specifiersOf = (folder: string): string[] => {
  const { name, exports } = manifestOf(folder)
  return Object.entries(exports)
    .filter(([, target]) => typeof target === 'object' && target.source !== undefined)
    .map(([path]) => (path === '.' ? name : `${name}${path.slice(1)}`))
}

async function exportsOf(specifier: string): Promise<Exported[]> {
  try {
    const module: object = await import(/* @vite-ignore */ specifier)
    return Object.entries(module).map(([name, value]) => ({ specifier, name, value }))
  } catch (error) {
    throw new Error(`${specifier} cannot be imported: is it built, and in the package.json of apps/docs?`, { cause: error })
  }
}

/** Everything that the packages export as values. */
export async function allExports(): Promise<Exported[]> {
  const found = await Promise.all(packageFolders().flatMap(specifiersOf).map(exportsOf))
  return found.flat()
}

/** The sources of all packages, without tests. */
export const allSources = (): SourceFile[] =>
  packageFolders().flatMap((folder) => {
    const src = join(root, 'packages', folder, 'src')
    if (!existsSync(src)) return []
    return readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(name) && !/(^|[\\/])gen[\\/]/.test(name))
      .sort()
      .map((name) => join(src, name))
      .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
  })
