import { exhaustive } from '@upon/compliance'
import { spaceTimeText } from '@upon/trace'
import type { Entry } from '../entry'
import type { CommandLine } from './options'
import { bad, colors, good, printJson, progress, writeTrace } from './output'

/** Explores a small system. Returns whether no violation was found. */
export function runExplorer({ suite, algorithm, name }: Entry, line: CommandLine): boolean {
  const { processes = 2, crashes, timeouts, losses, repeats, lies, limit: limitStates } = line
  const onProgress = (states: number, waiting: number) => progress.show(`${states} states, ${waiting} waiting`)
  const system = { processes, crashes, timeouts, losses, repeats, lies }
  const limits = { limitStates, ...(line.minutes === undefined ? {} : { limitMs: line.minutes * 60_000 }) }
  const { states, ends, isComplete, counterexample, unjudged } = exhaustive(suite, algorithm, { ...system, ...limits, onProgress })
  progress.clear()
  if (counterexample !== undefined) writeTrace(line.trace, counterexample.trace)
  const { moves, violation } = counterexample ?? {}
  const violated = violation && { property: violation.property, why: violation.why }
  if (line.json) printJson({ algorithm: name, ...system, states, ends, isComplete, unjudged, violation: violated, moves })
  else {
    const how = isComplete ? 'all there are' : counterexample ? 'up to the first violation' : 'as far as the limits allow'
    const what = Object.entries(system).map(([of, count]) => `${count} ${of}`)
    console.log(`${name}, ${what.join(', ')}: ${states} states, ${how}; ${ends.quiescent} ends at rest, ${ends.cut} that go on`)
    if (unjudged.length > 0)
      console.log(bad(`  never judged: ${unjudged.join(', ')}; no state is one in which nothing can happen any more`))
    if (counterexample === undefined) console.log(good('  nothing violated'))
    else {
      console.log(bad(`  ${counterexample.violation.property} violated: ${counterexample.violation.why}`))
      if (violation?.means !== undefined) console.log(`  ${violation.property} is ${violation.means}`)
      for (const move of counterexample.moves) console.log(`  ${move}`)
      console.log(spaceTimeText(counterexample.trace, { marked: counterexample.violation.events ?? [], colors }))
    }
  }
  return counterexample === undefined
}
