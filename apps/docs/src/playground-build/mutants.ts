import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mutants as ofAgreement } from '../../../../packages/catalogue/test/agreement/mutants'
import { mutants as ofBroadcast } from '../../../../packages/catalogue/test/broadcast/mutants'
import { mutantsOfOrder } from '../../../../packages/catalogue/test/broadcast/mutants-of-order'
import { mutants as ofConsensus } from '../../../../packages/catalogue/test/consensus/mutants'
import { mutantsOfSequence } from '../../../../packages/catalogue/test/consensus/mutants-of-sequence'
import { mutants as ofDetectors } from '../../../../packages/catalogue/test/fd/mutants'
import { mutants as ofLinks } from '../../../../packages/catalogue/test/links/mutants'
import type { Mutant } from '../../../../packages/catalogue/test/mutants/mutant'
import { mutants as ofRegisters } from '../../../../packages/catalogue/test/register/mutants'
import { root } from '../house'
import type { MutantFacts } from '../playground/facts'

const all: readonly Mutant[] = [
  ofLinks,
  ofDetectors,
  ofBroadcast,
  mutantsOfOrder,
  ofRegisters,
  ofConsensus,
  mutantsOfSequence,
  ofAgreement,
].flat()

/** The wrong lines in an algorithm's own file that its tests catch within a few schedules. */
export const mutantsOf = (algorithm: string, file: string): Mutant[] =>
  all.filter(
    (mutant) =>
      mutant.algorithm === algorithm &&
      `packages/${mutant.file}` === file &&
      !mutant.isDeep &&
      mutant.equivalent === undefined &&
      mutant.layers !== 'side by side',
  )

/** The file as it is with the wrong line. */
export const mutated = ({ file, line, wrong }: Mutant): string =>
  readFileSync(join(root, 'packages', file), 'utf8').replace(line, () => wrong)

/** Which lines a wrong one replaces. */
export function mutantFacts(mutant: Mutant): MutantFacts {
  const before = readFileSync(join(root, 'packages', mutant.file), 'utf8').split('\n')
  const after = mutated(mutant).split('\n')
  let start = 0
  while (start < before.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const { name, property, processes } = mutant
  const layers = mutant.layers === 'adversarial' ? 'adversarial' : 'own'
  const wrong = after.slice(start, after.length - end)
  return { name, property, layers, ...(processes === undefined ? {} : { processes }), from: start + 1, to: before.length - end, wrong }
}
