import type { Entry } from '@upon/catalogue'
import type { ProcessId } from '@upon/contract'
import type { Command } from '@upon/simulator'
import { fewOf } from './requests'

/** A classic situation to begin with. */
export interface ScenarioLog {
  readonly name: string
  readonly log: readonly Command[]
}

/** A process that crashes in the middle of what it sends does one thing before. */
const onceBy = (process: ProcessId, log: readonly Command[]): Command[] => {
  const own = log.filter((command) => command.do === 'request' && command.process === process)
  return log.filter((command) => !own.includes(command) || command === own[0])
}

const first = (log: readonly Command[]): Command[] => log.slice(0, 1)

/** The situations in which a module shows what it is for: what its users do, and a fault at the wrong moment. */
export function scenariosOf(entry: Entry, processes: number): ScenarioLog[] {
  const names = Array.from({ length: processes }, (_, i) => `p${i + 1}`)
  const few = fewOf(entry, names)
  const [p1 = 'p1', p2] = names
  const all: ScenarioLog[] = [{ name: few.length > 0 ? 'Nothing fails' : 'Nothing is asked', log: few }]
  if (p2 === undefined) return all
  const asks = few.length > 0
  const crash: Command = { do: 'crash', process: p1, afterSends: 1 }
  all.push(
    asks
      ? { name: `${p1} crashes in the middle of its sends`, log: [crash, ...onceBy(p1, few)] }
      : { name: `${p1} crashes`, log: [{ do: 'crash', process: p1, lost: 'all' }] },
  )
  all.push({ name: `${p2} is slow: it pauses first`, log: [{ do: 'pause', process: p2 }, ...few] })
  if (processes > 2) {
    const last = names.at(-1) as string
    const groups = [names.filter((p) => p !== last), [last]]
    all.push({ name: `A partition: ${last} is cut off`, log: [{ do: 'cut', groups }, ...few] })
  }
  if (asks && few.length > 1) all.push({ name: 'Only the first one asks', log: first(few) })
  return all
}
