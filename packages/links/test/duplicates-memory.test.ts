import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { EliminateDuplicates, RetransmitUntilAcknowledged } from '@upon/links'
import { expect, it } from 'vitest'
import { system } from './system'

const WINDOW = 64
const MESSAGES = 64_000

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const heapBytes = () => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

interface Delivered {
  readonly delivered: ReadonlyMap<string, { highest: number; gaps: readonly object[] }>
}

it(`what is kept to recognise duplicates does not grow: ${MESSAGES} messages over links that lose 10 %, repeat 10 % and disorder 30 %`, () => {
  const alo = RetransmitUntilAcknowledged.with({ window: WINDOW })
  const links = system(EliminateDuplicates.over({ alo }).of<string>(), {
    lostPercent: 10,
    duplicatedPercent: 10,
    overtakenPercent: 30,
    handOver: 'reference',
  })
  const gapsAt = () => (links.stateOf('q', 'pl') as Delivered).delivered.get('p')?.gaps.length ?? 0
  const forget = () => {
    links.sent.length = 0
    links.delivered.length = 0
  }
  let [delivered, mostGaps, early] = [0, 0, 0]
  for (let sent = 0; sent < MESSAGES; ) {
    for (let i = 0; i < WINDOW; i++, sent++) links.send('p', 'q', 'm')
    while (links.timers.running > 0) {
      mostGaps = Math.max(mostGaps, gapsAt())
      links.timers.period()
    }
    delivered += links.delivered.length
    forget()
    if (early === 0 && sent >= MESSAGES / 10) early = heapBytes()
  }
  expect(delivered).toBe(MESSAGES)
  expect(mostGaps).toBeGreaterThan(1)
  expect(mostGaps).toBeLessThan(WINDOW)
  expect((links.stateOf('q', 'pl') as Delivered).delivered.get('p')).toEqual({ highest: MESSAGES, gaps: [] })
  expect(heapBytes() - early).toBeLessThan(1_000_000)
})
