import { shown } from '../values'
import { type Finding, liveness, safety } from '../verdict'
import { linkTraffic, noCreation, noDuplication, type Traffic, validity } from './traffic'

const FOR_EVER = 1000
const goesOn: Finding = { unknown: 'the trace was cut off: what is for ever cannot be told' }

/** How often each message went between each two processes. */
function counts({ sent, delivered }: Traffic) {
  const count = (list: Traffic['sent']): Map<string, { readonly first: Traffic['sent'][number]; count: number }> => {
    const found = new Map<string, { first: Traffic['sent'][number]; count: number }>()
    for (const m of list) {
      const known = found.get(`${m.to} ${m.key}`)
      if (known) known.count += 1
      else found.set(`${m.to} ${m.key}`, { first: m, count: 1 })
    }
    return found
  }
  return { sent: count(sent), delivered: count(delivered) }
}

/** Fair loss, as far as a finite run can show it: nothing was sent `lossesForEver` times between correct processes and never arrived. */
export const FLL1 = safety('FLL1', (run, path, { lossesForEver = FOR_EVER }): Finding => {
  const { sent, delivered } = counts(linkTraffic(run, path))
  for (const [key, { first, count }] of sent) {
    const { from, to, message, event } = first
    if (run.crashes.has(from) || run.crashes.has(to!) || delivered.has(key) || count < lossesForEver) continue
    return { why: `${from} sent ${shown(message)} to ${to} ${count} times, and it never arrived`, events: [event] }
  }
  return run.isQuiescent ? undefined : goesOn
})

/** Finite duplication, as far as a finite run can show it: nothing arrived `copiesForEver` times for each time that it was sent. */
export const FLL2 = safety('FLL2', (run, path, { copiesForEver = FOR_EVER }): Finding => {
  const { sent, delivered } = counts(linkTraffic(run, path))
  for (const [key, { first, count }] of delivered) {
    const sendings = sent.get(key)
    if (sendings === undefined || count < sendings.count * copiesForEver) continue
    const { from, to, message, event } = first
    const why = `${to} delivered ${shown(message)} from ${from} ${count} times, though it was sent ${sendings.count} times`
    return { why, events: [sendings.first.event, event] }
  }
  return run.isQuiescent ? undefined : goesOn
})

export const FLL3 = safety('FLL3', (run, path) => noCreation(linkTraffic(run, path)))

/** Messages are told apart by value: what was sent twice must arrive twice. */
export const PL1 = liveness('PL1', (run, path) => validity(run, linkTraffic(run, path), 'all'))
export const PL2 = safety('PL2', (run, path) => noDuplication(linkTraffic(run, path)))
export const PL3 = safety('PL3', (run, path) => noCreation(linkTraffic(run, path)))
