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

/** A command: run, never imported, so ESM alone, and no types. */
export const program = (...entry: string[]): Options => ({ ...library(...entry), format: ['esm'], dts: false, clean: false })
