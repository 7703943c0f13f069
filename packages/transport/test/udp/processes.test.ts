import { linearizable } from '@upon/linearizability'
import { describe, expect, it } from 'vitest'
import { type LayerName, type Member, startSystem } from './process'

const layers: LayerName[] = ['retransmit-until-acknowledged', 'retransmit-forever']

type Progress = Awaited<ReturnType<Member['progress']>>

/** Resolves when all of them have come so far. */
async function untilAll(members: readonly Member[], what: string, isDone: (progress: Progress) => boolean): Promise<void> {
  const deadline = Date.now() + 25_000
  for (;;) {
    const progress = await Promise.all(members.map((member) => member.progress()))
    if (progress.every(isDone)) return
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}: ${JSON.stringify(progress)}`)
  }
}

const reportsOf = (members: readonly Member[]) => Promise.all(members.map((member) => member.report()))

describe.each(layers)('three processes over UDP that loses 30 %% and repeats 20 %%, eliminate-duplicates over %s', (layer) => {
  it('PL1 reliable delivery, PL2 no duplication: what each broadcasts, each delivers, once', async () => {
    const COUNT = layer === 'retransmit-forever' ? 40 : 200
    const members = await startSystem(layer)
    for (const { tell } of members) tell({ do: 'broadcast', count: COUNT })
    await untilAll(members, 'all is delivered', ({ delivered }) => delivered >= 3 * COUNT)
    const reports = await reportsOf(members)
    for (const { delivered, counters } of reports) {
      expect(new Set(delivered).size).toBe(3 * COUNT)
      expect(delivered).toHaveLength(3 * COUNT)
      expect(counters.disturbed.lost).toBeGreaterThan(COUNT / 4)
      expect(counters.disturbed.duplicated).toBeGreaterThan(COUNT / 8)
      expect(Object.values(counters.datagrams.refused).reduce((sum, count) => sum + count)).toBe(0)
    }
  })

  it('NNAR2 atomicity: a register stands on them, and outlives a process that is killed', async () => {
    const COUNT = 12
    const members = await startSystem(layer)
    for (const { tell } of members) tell({ do: 'operate', count: COUNT })
    const [p1, p2, p3] = members as [Member, Member, Member]
    await untilAll([p3], 'the third has begun', ({ completed }) => completed > 3)
    const [before] = await reportsOf([p3])
    p3.kill()
    await untilAll([p1, p2], 'the others have finished', ({ completed }) => completed === COUNT)
    const history = (await reportsOf([p1, p2])).flatMap((report) => report.history)
    // what the third wrote between its report and its end is known only by those who read it: pending writes
    const known = before!.history
    const unknown = new Set(history.flatMap(({ value }) => (value !== undefined && value >= 3_000 ? [value] : [])))
    for (const { value } of known) unknown.delete(value as number)
    const invokedAtMs = known.at(-1)!.invokedAtMs
    for (const value of unknown) known.push({ process: `p3, ${value}`, kind: 'write', value, invokedAtMs, respondedAtMs: undefined })
    history.push(...known)
    expect(linearizable(history).outcome).toBe('linearizable')
  })
})
