import { all, type Row } from './rows'

const seq = 'seq: SequenceConsensus'

/** Processes decide these values at slots 1, 2 and so on. */
const slots = (values: readonly number[], ...processes: readonly string[]) =>
  processes.map((p) => values.map((v, i) => `${p} < decide ${i + 1} ${v}`).join('\n')).join('\n')

const proposed = 'p1 > propose 5\np2 > propose 6'
const two = `${proposed}\n${slots([5, 6], ...all)}`
const compacted = `${proposed}\n${slots([5, 6], 'p1', 'p2')}\np1 > compact 2 "a"`
const one = `p1 > propose 5\n${slots([5], 'p1', 'p2')}`

export const sequences: Row[] = [
  ['SEQ1', seq, `p3 > propose 7\n${two}`, `p3 > propose 7\n${two}\np3 crash`],
  ['SEQ1', seq, `p1 > propose 5\n${two}`, `p1 > propose 5\n${proposed}\n${slots([5, 6, 5], ...all)}`],
  ['SEQ2', seq, `p1 > propose 5\np1 crash\n${slots([9], 'p2', 'p3')}`, `p1 > propose 5\np1 crash\n${slots([5], 'p2', 'p3')}`],
  ['SEQ2', seq, `${slots([5], ...all)}\np1 > propose 5`, `p1 > propose 5\n${slots([5], ...all)}`],
  ['SEQ3', seq, `p1 > propose 5\n${slots([5, 5], ...all)}`, `p1 > propose 5\np2 > propose 5\n${slots([5, 5], ...all)}`],
  ['SEQ4', seq, two.replace('p3 < decide 1 5\n', ''), two],
  ['SEQ4', seq, `${compacted}\n${slots([5, 6], 'p3')}\np3 < restore 2 "a"`, `${compacted}\n${slots([5], 'p3')}\np3 < restore 2 "a"`],
  ['SEQ4', seq, `${compacted}\np3 < restore 2 "a"\np3 < decide 2 6`, `${compacted}\np3 < restore 2 "a"`],
  ['SEQ5', seq, `${proposed}\n${slots([5, 6], 'p1', 'p2')}\n${slots([6, 5], 'p3')}`, two],
  ['SEQ5', seq, `${proposed}\n${slots([6, 5], 'p3')}\np3 crash\n${slots([5, 6], 'p1', 'p2')}`, `${two}\np3 crash`],
  ['SEQ6', seq, one, `${one}\np3 crash`],
  ['SEQ6', seq, compacted, `${compacted}\np3 < restore 2 "a"`],
  ['SEQ7', seq, `${compacted}\np3 < restore 2 "b"`, `${compacted}\np3 < restore 2 "a"`],
  ['SEQ7', seq, `p3 < restore 1 "a"\n${one}\np1 > compact 1 "a"`, `${one}\np1 > compact 1 "a"\np3 < restore 1 "a"`],
  ['SEQ7', seq, `p1 > compact 1 "a"\n${one}\np3 < restore 1 "a"`, `p1 > compact 1 "a"\n${one}\n${slots([5], 'p3')}`],
]
