import { shown } from '@upon/trace'
import { type Finding, liveness, safety } from '../verdict'
import { linkOrder } from './order'
import { messagesOf, noCreation, noDuplication, times, validity } from './traffic'

const FOR_EVER = 1000
const goesOn: Finding = { unknown: 'the run was cut off: what happens forever cannot be decided' }

/** Fair loss, as far as a finite run can show it: nothing was sent `lossesForEver` times between correct processes and never arrived. */
export const FLL1 = safety('FLL1', (run, path, { lossesForEver = FOR_EVER }): Finding => {
  for (const { from, message, sentTo, delivered } of messagesOf(run, path))
    for (const [to, events] of sentTo) {
      if (run.crashes.has(from) || run.crashes.has(to) || delivered.has(to) || events.length < lossesForEver) continue
      return { why: `${from} sent ${shown(message)} to ${to} ${times(events.length)}, and it never arrived`, events: [events[0]!] }
    }
  return run.isQuiescent ? undefined : goesOn
})

/** Finite duplication, as far as a finite run can show it: nothing arrived `copiesForEver` times for each time that it was sent. */
export const FLL2 = safety('FLL2', (run, path, { copiesForEver = FOR_EVER }): Finding => {
  for (const { from, message, sentTo, delivered } of messagesOf(run, path))
    for (const [to, events] of delivered) {
      const sent = sentTo.get(to)
      if (sent === undefined || run.crashes.has(from) || events.length < sent.length * copiesForEver) continue
      const why = `${to} delivered ${shown(message)} from ${from} ${times(events.length)}, though it was sent ${times(sent.length)}`
      return { why, events: [sent[0]!, events[0]!] }
    }
  return run.isQuiescent ? undefined : goesOn
})

export const FLL3 = safety('FLL3', (run, path) => noCreation(messagesOf(run, path)))

/**
 * Stubborn delivery, as far as a finite run can show it: between correct processes, all that was sent was delivered `deliveriesForEver`
 * times. A quiescent run with fewer deliveries violates it; for a run that was cut off the verdict is unknown.
 */
export const SL1 = safety('SL1', (run, path, { deliveriesForEver = FOR_EVER }): Finding => {
  for (const { from, message, sentTo, delivered } of messagesOf(run, path))
    for (const [to, events] of sentTo) {
      const count = delivered.get(to)?.length ?? 0
      if (run.crashes.has(from) || run.crashes.has(to) || count >= deliveriesForEver) continue
      if (!run.isQuiescent) return goesOn
      const often = count === 0 ? 'never delivered it' : `delivered it ${times(count)}, and no more`
      return { why: `${from} sent ${shown(message)} to ${to}, both are correct, but ${to} ${often}`, events: [events[0]!] }
    }
  return undefined
})

export const SL2 = safety('SL2', (run, path) => noCreation(messagesOf(run, path)))

export const ALO1 = liveness('ALO1', (run, path) => validity(run, messagesOf(run, path), 'all'))
export const ALO2 = safety('ALO2', (run, path) => noCreation(messagesOf(run, path)))

/** Messages are compared by value: what was sent twice must arrive twice. */
export const PL1 = liveness('PL1', (run, path) => validity(run, messagesOf(run, path), 'all'))
export const PL2 = safety('PL2', (run, path) => noDuplication(messagesOf(run, path)))
export const PL3 = safety('PL3', (run, path) => noCreation(messagesOf(run, path)))

export const FPL1 = liveness('FPL1', (run, path) => validity(run, messagesOf(run, path), 'all'))
export const FPL2 = safety('FPL2', (run, path) => noDuplication(messagesOf(run, path)))
export const FPL3 = safety('FPL3', (run, path) => noCreation(messagesOf(run, path)))
export const FPL4 = safety('FPL4', (run, path) => linkOrder(run, messagesOf(run, path)))
