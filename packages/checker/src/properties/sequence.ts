import { type AlgorithmEvent, canonical, shown } from '@upon/trace'
import { eventsOf, type Run } from '../run'
import { type Finding, liveness, safety } from '../verdict'
import { madeUp } from './decisions'

const slotOf = ({ attributes: [slot] }: AlgorithmEvent) => slot as number
const valueText = ({ attributes }: AlgorithmEvent) => canonical(attributes[1])

/** A decision as one of a value alone. */
const withoutSlot = (decision: AlgorithmEvent): AlgorithmEvent => ({ ...decision, attributes: decision.attributes.slice(1) })

const proposals = (run: Run, path: string) => eventsOf(run, path, 'propose')
const decisions = (run: Run, path: string) => eventsOf(run, path, 'decide')
/** Decisions and restorations: how processes get from slot to slot. */
const moves = (run: Run, path: string) => (run.instances.get(path) ?? []).filter(({ event }) => event === 'decide' || event === 'restore')

/** The last slot of each process. */
function reached(run: Run, path: string): Map<string, AlgorithmEvent> {
  const last = new Map<string, AlgorithmEvent>()
  for (const move of moves(run, path)) if (slotOf(move) > slotOf(last.get(move.process) ?? move) - 1) last.set(move.process, move)
  return last
}

const times = (texts: readonly string[]): Map<string, number> => {
  const count = new Map<string, number>()
  for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1)
  return count
}

/** Of a correct process, a value that it proposed more often than it stands at the slots that this process has reached. */
function undecided(run: Run, path: string): Finding {
  const values = new Map(decisions(run, path).map((decision) => [slotOf(decision), valueText(decision)]))
  const last = reached(run, path)
  for (const p of run.correct) {
    const upTo = slotOf(last.get(p) ?? ({ attributes: [0] } as unknown as AlgorithmEvent))
    const decided = times([...values].flatMap(([slot, value]) => (slot <= upTo ? [value] : [])))
    for (const proposal of proposals(run, path)) {
      if (proposal.process !== p) continue
      const text = canonical(proposal.attributes[0])
      const left = decided.get(text) ?? 0
      decided.set(text, left - 1)
      if (left > 0) continue
      return { why: `${p}, which is correct, proposed ${shown(proposal.attributes[0])}, which was not decided there`, events: [proposal] }
    }
  }
  return undefined
}

/** A value that a process decides at more slots than it was proposed times. */
function tooOften(run: Run, path: string): Finding {
  const proposed = times(proposals(run, path).map(({ attributes }) => canonical(attributes[0])))
  const decided = new Map<string, AlgorithmEvent[]>()
  for (const decision of decisions(run, path)) {
    const key = `${decision.process} ${valueText(decision)}`
    const all = [...(decided.get(key) ?? []), decision]
    decided.set(key, all)
    const most = proposed.get(valueText(decision)) ?? 0
    if (most === 0 || all.length <= most) continue // SEQ2 speaks of what nobody has proposed
    const why = `${decision.process} decided ${shown(decision.attributes[1])} at ${all.length} slots; it was proposed ${most === 1 ? 'once' : `${most} times`}`
    return { why, events: all }
  }
  return undefined
}

function gap(run: Run, path: string): Finding {
  const last = new Map<string, AlgorithmEvent>()
  for (const move of moves(run, path)) {
    const before = last.get(move.process)
    const at = before === undefined ? 0 : slotOf(before)
    last.set(move.process, move)
    if (move.event === 'restore' ? slotOf(move) > at : slotOf(move) === at + 1) continue
    const why = `${move.process} ${move.event === 'restore' ? 'restored' : 'decided'} slot ${slotOf(move)} after slot ${at}`
    return { why, events: before === undefined ? [move] : [before, move] }
  }
  return undefined
}

function differing(run: Run, path: string): Finding {
  const first = new Map<number, AlgorithmEvent>()
  for (const decision of decisions(run, path)) {
    const other = first.get(slotOf(decision))
    first.set(slotOf(decision), other ?? decision)
    if (other === undefined || other.process === decision.process || valueText(other) === valueText(decision)) continue
    const [a, b] = [other, decision].map(({ process, attributes }) => `${process} decided ${shown(attributes[1])}`)
    return { why: `at slot ${slotOf(decision)}, ${a}, but ${b}`, events: [other, decision] }
  }
  return undefined
}

/** A correct process that stays behind another one. */
function leftBehind(run: Run, path: string): Finding {
  const last = reached(run, path)
  const furthest = [...last.values()].reduce<AlgorithmEvent | undefined>(
    (a, b) => (a === undefined || slotOf(b) > slotOf(a) ? b : a),
    undefined,
  )
  if (furthest === undefined) return undefined
  for (const p of run.correct) {
    const own = last.get(p)
    const at = own === undefined ? 0 : slotOf(own)
    if (at >= slotOf(furthest)) continue
    const why = `${furthest.process} reached slot ${slotOf(furthest)}, but ${p}, which is correct, only slot ${at}`
    return { why, events: own === undefined ? [furthest] : [furthest, own] }
  }
  return undefined
}

/** A snapshot that nobody had handed in for that slot, or had not reached it. */
function unfounded(run: Run, path: string): Finding {
  const at = new Map<string, number>()
  const made = new Set<string>()
  for (const event of run.instances.get(path) ?? []) {
    const { process, attributes } = event
    if (event.event === 'compact' && slotOf(event) <= (at.get(process) ?? 0)) made.add(canonical(attributes))
    if (event.event === 'restore' && !made.has(canonical(attributes)))
      return {
        why: `${process} restored ${shown(attributes[1])} at slot ${slotOf(event)}, which no process had made of that slot`,
        events: [event],
      }
    if (event.event === 'decide' || event.event === 'restore') at.set(process, slotOf(event))
  }
  return undefined
}

export const SEQ1 = liveness('SEQ1', undecided)
export const SEQ2 = safety('SEQ2', (run, path) => madeUp(decisions(run, path).map(withoutSlot), proposals(run, path), 'nobody'))
export const SEQ3 = safety('SEQ3', tooOften)
export const SEQ4 = safety('SEQ4', gap)
export const SEQ5 = safety('SEQ5', differing)
export const SEQ6 = liveness('SEQ6', leftBehind)
export const SEQ7 = safety('SEQ7', unfounded)
