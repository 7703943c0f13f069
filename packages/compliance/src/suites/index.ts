import type { Abstraction, Module } from '@upon/contract'
import type { Suite } from '../suite'
import * as agreement from './agreement'
import * as broadcast from './broadcast'
import * as consensus from './consensus'
import * as epochs from './epochs'
import * as fd from './fd'
import * as links from './links'
import * as register from './register'
import * as sequence from './sequence'

const layers = [links, fd, broadcast, register, epochs, consensus, sequence, agreement]
const all = layers.flatMap((layer) => Object.values(layer)) as unknown as readonly Suite<Module>[]

const byModule = new Map(all.map((suite) => [suite.module.name, suite]))

/** The suite of a module. Throws a RangeError if there is none. */
export function suiteOf<M extends Module>({ name }: Abstraction<M>): Suite<M> {
  const suite = byModule.get(name)
  if (suite === undefined) throw new RangeError(`there is no suite for ${name}; expected one of ${[...byModule.keys()].join(', ')}`)
  return suite as unknown as Suite<M>
}
