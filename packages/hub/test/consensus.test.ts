import { describe, expect, test } from 'vitest'
import type { FakeProcess } from './fake-process'
import { started, until } from './stage'

/** Lets processes answer proposals by hand only. */
const silence = (processes: readonly FakeProcess[]): void => {
  for (const process of processes) process.onCommand = () => {}
}

const proposed = (processes: readonly FakeProcess[], topics: number): Promise<void> =>
  until(() => processes.every(({ commands }) => commands.filter(({ appPropose }) => appPropose).length === topics))

describe('consensus', () => {
  test('values given are proposed in order of rank, the rest get distinct ones; agreement, validity and integrity are judged', async () => {
    const { hub, events } = await started({ abc: 3 })
    const outcome = await hub.consensus('t', { values: [89, 37] })
    expect(outcome.proposals.map(({ value }) => value).slice(0, 2)).toEqual([89, 37])
    expect(new Set(outcome.proposals.map(({ value }) => value)).size).toBe(3)
    expect(outcome).toMatchObject({ ok: true, agreement: 'holds', validity: 'holds', integrity: 'holds', problems: [], missing: [] })
    expect(outcome.answers).toHaveLength(3)
    expect(outcome.answers.every(({ value }) => value === outcome.decision)).toBe(true)
    expect(events.filter(({ type }) => type === 'proposed')).toHaveLength(3)
    expect(events.filter(({ type }) => type === 'decided')).toHaveLength(3)
  })

  test('200 topics at once, decided in any order and without a topic, are all told apart', async () => {
    const { hub, processes } = await started({ abc: 3 }, { timeoutMs: 20_000 })
    silence(processes)
    const all = Promise.all(Array.from({ length: 200 }, (_, i) => hub.consensus(`t${i}`)))
    await proposed(processes, 200)
    for (const [i, process] of processes.entries()) {
      const commands = process.commands.flatMap(({ appPropose }) => appPropose ?? [])
      if (i > 0) commands.reverse()
      const first = processes[0]!.commands.flatMap(({ appPropose }) => appPropose ?? [])
      for (const { topic } of commands) process.decide(first.find((other) => other.topic === topic)!.value!.v, 'sys-1')
    }
    const outcomes = await all
    expect(
      outcomes.every(({ ok, agreement, decision, proposals }) => ok && agreement === 'holds' && decision === proposals[0]!.value),
    ).toBe(true)
  })

  test('disagreement and a value from nowhere are violations, with words for them', async () => {
    const { hub, processes } = await started({ abc: 3 })
    silence(processes)
    const running = hub.consensus('t', { values: [1, 2, 3] })
    await proposed(processes, 1)
    processes.forEach((process, i) => {
      process.decide([1, 2, 9][i], 'sys-1')
    })
    const outcome = await running
    expect(outcome).toMatchObject({ ok: false, agreement: 'violated', validity: 'violated' })
    expect(outcome).not.toHaveProperty('decision')
    expect(outcome.problems).toEqual(['different values were decided: abc-1 1, abc-2 2, abc-3 9', 'abc-3 decided 9, which nobody proposed'])
  })

  test('deciding nothing (⊥) is not valid', async () => {
    const { hub, processes } = await started({ abc: 1 })
    processes[0]!.onCommand = () => processes[0]!.decide(undefined, 'sys-1')
    expect(await hub.consensus('t')).toMatchObject({ ok: false, validity: 'violated' })
  })

  test('a topic that all decided leaves one value taken, however many processes proposed: the rest are proposed again', async () => {
    const { hub } = await started({ abc: 9 })
    let highest = 0
    for (let i = 0; i < 60; i++) {
      const { ok, proposals } = await hub.consensus(`t${i}`)
      expect([ok, new Set(proposals.map(({ value }) => value)).size]).toEqual([true, 9])
      highest = Math.max(highest, ...proposals.map(({ value }) => value))
    }
    expect(highest).toBeLessThan(100 + 4 * (60 + 9))
  })

  test('of a value that different processes decided in different topics, a repetition is taken for none of another topic', async () => {
    const { hub, processes, events } = await started({ abc: 3 })
    silence(processes)
    const decideAll = async (topic: string, value: number, names: readonly number[]) => {
      const outcome = hub.consensus(topic, { values: names.map(() => value), processes: names.map((i) => `abc-${i + 1}`) })
      await until(() => names.every((i) => processes[i]!.commands.some(({ appPropose }) => appPropose?.topic === topic)))
      for (const i of names) processes[i]!.decide(value, 'sys-1')
      expect((await outcome).ok).toBe(true)
    }
    await decideAll('t', 7, [0, 1])
    await decideAll('u', 7, [1, 2])
    const outcome = hub.consensus('v', { values: [8, 9, 9] })
    await until(() => processes.every(({ commands }) => commands.some(({ appPropose }) => appPropose?.topic === 'v')))
    processes[0]!.decide(7, 'sys-1')
    await until(() => events.some(({ type }) => type === 'unexpected'))
    for (const process of processes) process.decide(8, 'sys-1')
    expect(await outcome).toMatchObject({ ok: true, decision: 8, problems: [] })
  })

  test('deciding twice violates integrity; who does not decide is missing', async () => {
    const { hub, processes } = await started({ abc: 2 }, { timeoutMs: 500 })
    silence(processes)
    const running = hub.consensus('t', { values: [1, 2] })
    await proposed(processes, 1)
    processes[0]!.decide(1, 'sys-1')
    processes[0]!.decide(1, 'sys-1')
    expect(await running).toMatchObject({
      ...{ ok: false, integrity: 'violated', agreement: 'holds', decision: 1, problems: ['abc-1 decided twice: 1, then 1'] },
      missing: [{ process: 'abc-2', reason: 'timeout' }],
    })
    expect(hub.counters.ignored.unexpected).toBe(1)
  })

  test('topics with equal proposals: what agreement and validity leave open is ambiguous, and no failure', async () => {
    const { hub, processes } = await started({ abc: 2 })
    silence(processes)
    const running = Promise.all(['a', 'b', 'c'].map((topic, i) => hub.consensus(topic, { values: i < 2 ? [1, 2] : [7, 8] })))
    await proposed(processes, 3)
    for (const value of [1, 8, 2]) processes[0]!.decide(value, 'sys-1')
    for (const value of [2, 1, 8]) processes[1]!.decide(value, 'sys-1')
    const [a, b, c] = await running
    expect(a).toMatchObject({ agreement: 'ambiguous', validity: 'holds', ok: true })
    expect(a!.problems[0]).toContain('a, b came without a topic')
    expect([a!.decision, b!.decision].sort()).toEqual([1, 2])
    expect(c).toMatchObject({ agreement: 'holds', decision: 8, problems: [] })
  })

  test('topics with equal proposals whose decisions fit no assignment are a violation', async () => {
    const { hub, processes } = await started({ abc: 2 })
    silence(processes)
    const running = Promise.all(['a', 'b'].map((topic) => hub.consensus(topic, { values: [1, 2] })))
    await proposed(processes, 2)
    for (const value of [1, 1]) processes[0]!.decide(value, 'sys-1')
    for (const value of [1, 2]) processes[1]!.decide(value, 'sys-1')
    const outcomes = await running
    expect(outcomes.filter(({ agreement }) => agreement === 'violated')).toHaveLength(1)
    expect(outcomes.every(({ problems }) => problems[0]!.startsWith('no way to share out'))).toBe(true)
  })

  test('one topic out of several equal ones stays open: at the time-out the decisions held are placed, the rest is missing', async () => {
    const { hub, processes } = await started({ abc: 2 }, { timeoutMs: 500 })
    silence(processes)
    const running = Promise.all(['a', 'b'].map((topic) => hub.consensus(topic, { values: [1, 2] })))
    await proposed(processes, 2)
    for (const process of processes) process.decide(1, 'sys-1')
    const outcomes = await running
    expect(outcomes.flatMap(({ answers }) => answers)).toHaveLength(2)
    expect(outcomes.flatMap(({ missing }) => missing)).toHaveLength(2)
    expect(outcomes.every(({ agreement }) => agreement === 'ambiguous')).toBe(true)
    expect(outcomes.every(({ ok }) => ok)).toBe(false)
  })

  test('a topic in the abstraction ID is believed, whatever the values', async () => {
    const { hub, processes } = await started({ abc: 2 }, {}, { topicIn: 'inner' })
    silence(processes)
    const strange = 'a].b[c'
    const running = Promise.all([strange, 'b'].map((topic) => hub.consensus(topic, { values: [1, 2] })))
    await proposed(processes, 2)
    for (const process of processes) {
      process.decide(2, 'sys-1', 'b')
      process.decide(1, 'sys-1', strange)
    }
    expect((await running).map(({ decision, agreement }) => [decision, agreement])).toEqual([
      [1, 'holds'],
      [2, 'holds'],
    ])
  })
})
