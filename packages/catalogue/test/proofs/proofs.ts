import { packages } from '../../src'
import { compliant } from './compliance'
import { convicted } from './convicted'
import { costsWhatItSays } from './costs'
import { explored } from './exploration'
import { layersHold } from './layers'
import { pictured } from './pictures'
import { survivesRareSituations } from './rare'
import type { Stranger } from './stranger'

const tests = [compliant, survivesRareSituations, explored, layersHold, costsWhatItSays, pictured]

/** All tests of the algorithms of a package, but those of what is wrong on purpose; and that strangers' mistakes are found. */
export function proofs(name: string, strangers: readonly Stranger[]): void {
  for (const entry of packages[name] ?? []) for (const test of tests) test(entry)
  convicted(strangers)
}
