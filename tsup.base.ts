import type { Options } from 'tsup'

/** How every package is built: ESM and CommonJS with types, one file for each entry, nothing bundled from other packages. */
export const library = (...entry: string[]): Options => ({
  entry: entry.length > 0 ? entry : ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
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
  return [
    { ...whole, entry: sources, format: ['esm'], dts: { entry: whole.entry as string[] } },
    { ...whole, format: ['cjs'], clean: false },
  ]
}

/** A command: run, never imported, so ESM alone, and no types. */
export const program = (...entry: string[]): Options => ({ ...library(...entry), format: ['esm'], dts: false, clean: false })
