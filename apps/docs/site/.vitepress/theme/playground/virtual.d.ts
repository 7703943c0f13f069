declare module 'virtual:playgrounds' {
  import type { Tested } from '@upon/compliance'
  import type { Module } from '@upon/contract'
  import type { Facts } from '../../../../src/playground/facts'

  const playgrounds: readonly (Pick<Facts, 'name' | 'title' | 'module' | 'slug'> & {
    readonly facts: () => Promise<{ readonly default: Facts }>
    readonly mutants: () => Promise<{ readonly default: Readonly<Record<string, Tested<Module>>> }>
  })[]
  export default playgrounds
}
