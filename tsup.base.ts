import type { Options } from 'tsup'

/** The task `js` builds what commands and tests run: ESM without types, in a quarter of the time. The task `build` builds what is published. */
const runnableOnly = process.env.npm_lifecycle_event === 'js'

/** How every package is built: ESM and CommonJS with types, one file for each entry, nothing bundled from other packages. */
export const library = (...entry: string[]): Options => ({
  entry: entry.length > 0 ? entry : ['src/index.ts'],
  format: runnableOnly ? ['esm'] : ['esm', 'cjs'],
  dts: !runnableOnly,
  sourcemap: true,
  clean: true,
  target: 'node20',
  treeshake: true,
})

/**
 * How packages of many independent parts are built: as `library`, but in ESM each source is a module of its own, so that a bundler takes
 * those that are imported and leaves the others.
 */
export const modules = (...entry: string[]): Options[] => {
  const whole = library(...entry)
  const sources = ['src/**/*.ts', '!src/**/*.test.ts', '!src/**/*.test-d.ts']
  const esm: Options = { ...whole, entry: sources, format: ['esm'] }
  if (runnableOnly) return [esm]
  return [
    { ...esm, dts: { entry: whole.entry as string[] } },
    { ...whole, format: ['cjs'], clean: false },
  ]
}

/** A command: run, never imported, so ESM alone, and no types. */
export const program = (...entry: string[]): Options => ({ ...library(...entry), format: ['esm'], dts: false, clean: false })
