import { algorithm, increasing, many, PerfectPointToPointLinks } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { assumes, handLinks, Step } from '../test/modules'
import { Process, type ProcessOptions } from './index'
import { indexOfText, indexText, levelsOf, memberText } from './paths'

const Leaf = algorithm(
  { name: 'leaf', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks.of<string>() }, assumes },
  ({ step, pl, upon }) => upon(pl.deliver, (p, m) => step.answer(`${p} ${m}` as never)),
)

type Command = [what: 'create' | 'dispose', index: number, inner?: Command]

/** Epochs, made and ended as the user says. */
const Epochs = algorithm({ name: 'epochs', implements: { step: Step }, uses: { ep: increasing(Leaf) }, assumes }, ({ step, ep, upon }) => {
  upon(step.ask, (command) => {
    const [what, index] = command as unknown as Command
    ep[what](index)
  })
  upon(ep.answer, (index, m) => step.answer(`ep ${index}: ${m as unknown}` as never))
})

/** Rounds with epochs in each. */
const Rounds = algorithm(
  { name: 'rounds', implements: { step: Step }, uses: { uc: increasing(Epochs) }, assumes },
  ({ step, uc, upon }) => {
    upon(step.ask, (command) => {
      const [what, index, inner] = command as unknown as Command
      if (inner === undefined) uc[what](index)
      else uc.ask(index, inner as never)
    })
    upon(uc.answer, (index, m) => step.answer(`uc ${index} ${m as unknown}` as never))
  },
)

const Named = algorithm({ name: 'named', implements: { step: Step }, uses: { m: many(Rounds) }, assumes }, ({ step, m, upon }) => {
  upon(step.ask, (command) => m.create(command as unknown as string))
})

function scene(options: Partial<ProcessOptions<[]>> = {}) {
  const links = handLinks()
  const reported: unknown[] = []
  const process = new Process({
    self: 'a',
    processes: ['a', 'b', 'c'],
    supply: [links.transport],
    onOverflow: (...refusal) => reported.push(refusal),
    onUnclaimed: (path, from) => reported.push(['unclaimed', path, from]),
    hold: options.hold ?? {},
  })
  const seen: unknown[] = []
  const rounds = process.run(Rounds.of<unknown>(), 'r')
  process.upon(rounds.answer, (m) => seen.push(m))
  const tell = (...command: Command) => rounds.ask(command)
  return { ...links, process, tell, reported, seen }
}

describe('past is past, at every level', () => {
  it('what comes for an epoch within a round that has ended is late, whether the epoch was ever made', () => {
    const { tell, receive, process } = scene()
    tell('create', 1)
    tell('create', 1, ['create', 4])
    receive('b', 'r.uc[1].ep[7].pl', 'early')
    expect(process.counters).toMatchObject({ held: 1, late: 0 })
    tell('dispose', 1)
    expect(process.counters).toMatchObject({ held: 0, late: 1 })
    for (const path of ['r.uc[1].ep[4].pl', 'r.uc[1].ep[9].pl', 'r.uc[0].ep[0].pl', 'r.uc[1].ec.beb.pl']) receive('b', path, 'late')
    expect(process.counters).toMatchObject({ held: 0, late: 5 })
  })

  it('what was kept for epochs of a round to come is late when the round begins beyond them', () => {
    const { tell, receive, process, seen } = scene()
    for (const epoch of [0, 3, 5]) receive('b', `r.uc[2].ep[${epoch}].pl`, `epoch ${epoch}`)
    tell('create', 2)
    tell('create', 2, ['create', 3])
    expect(process.counters).toMatchObject({ held: 1, late: 1 })
    expect(seen).toEqual(['uc 2 ep 3: b epoch 3'])
  })

  it('a round that lives on beside later ones still takes what comes for epochs that it has not made', () => {
    const { tell, receive, process, seen } = scene()
    tell('create', 1)
    receive('b', 'r.uc[1].ep[2].pl', 'kept')
    for (const round of [2, 3]) tell('create', round)
    tell('dispose', 3)
    receive('b', 'r.uc[1].ep[5].pl', 'still in time')
    expect(process.counters).toMatchObject({ held: 2, late: 0 })
    tell('create', 1, ['create', 2])
    tell('create', 1, ['create', 5])
    expect(seen).toEqual(['uc 1 ep 2: b kept', 'uc 1 ep 5: b still in time'])
  })

  it('thousands of rounds, for each of which something waits, are let go of one by one', () => {
    const { receive, process, tell } = scene({ hold: { perInstance: 1_000, perProcess: 1_000_000 } })
    for (let round = 2_000; round < 6_000; round++) for (const epoch of [1, 2]) receive('b', `r.uc[${round}].ep[${epoch}].pl`, 'early')
    for (let round = 0; round < 6_000; round++) {
      tell('create', round)
      tell('dispose', round)
    }
    expect(process.counters).toMatchObject({ held: 0, late: 8_000 })
  })
})

describe('what is kept is bounded', () => {
  it('for each sender, so that none takes the room of another; refusals are reported with their reason', () => {
    const { receive, process, reported } = scene({ hold: { perInstance: 3, perProcess: 8 } }) // 4 of each of two
    for (let i = 0; i < 5; i++) receive('b', 'r.uc[1].ep[1].pl', i)
    for (let i = 0; i < 5; i++) receive('b', `r.uc[1].ep[${2 + i}].pl`, i)
    for (let i = 0; i < 4; i++) receive('c', `r.uc[1].ep[1].pl`, i)
    expect(process.counters).toMatchObject({ held: 7, overflowed: 7, overflowedBy: { perInstance: 3, perSender: 4, perProcess: 0 } })
    expect(reported[0]).toEqual(['perInstance', 'r.uc[1].ep[1].pl', 'b', 3])
    expect(reported[2]).toEqual(['perSender', 'r.uc[1].ep[3].pl', 'b', 1])
  })
})

describe('messages for an instance that nobody here makes', () => {
  it('are reported once for each layer; those for epochs, rounds and members to come are not', () => {
    const { receive, reported, tell, process } = scene()
    for (let i = 0; i < 3; i++) receive('b', 'r.uc[5].ep[1].pl', i)
    process.run(Named.of<unknown>(), 'n')
    receive('b', 'n.m[x].uc[1].ep[3].pl', 'to come')
    expect(reported).toEqual([])
    receive('b', 'beb.pl', 1)
    receive('c', 'beb.pl', 2)
    receive('b', 'other.ep[3].pl', 3)
    receive('b', 'r.pfd.pl', 4)
    expect(reported).toEqual([
      ['unclaimed', 'beb.pl', 'b'],
      ['unclaimed', 'other.ep[3].pl', 'b'],
      ['unclaimed', 'r.pfd.pl', 'b'],
    ])
    tell('create', 5)
  })
})

describe('paths', () => {
  it.each(['x', 'a[b]', '[][[]]', '', 'x.y', 'é', 'a\\b', 7])('the index %j stands in its path as it is', (index) => {
    expect(indexText(index)).toBe(String(index))
    expect(indexOfText(indexText(index))).toBe(String(index))
  })

  it.each(['a]', '[', 'x].e[3', ']].[[', '\\', '\\5d', '\\a]', 'a].b[c/../'])('the index %j is escaped', (index) => {
    const text = indexText(index)
    expect(text).not.toMatch(/[[\]]/)
    expect(indexOfText(text)).toBe(index)
  })

  it('no two indexes have one path, and a path leads through the families that it was made of', () => {
    const signs = ['', 'a', '[', ']', '\\', '.', '].e[3', '5d']
    const indexes = new Set(signs.flatMap((a) => signs.flatMap((b) => signs.map((c) => a + b + c))))
    expect(new Set([...indexes].map(indexText)).size).toBe(indexes.size)
    for (const index of indexes) {
      const path = `app.m[${indexText(index)}].e[3].pl`
      expect(memberText('app.m', path)).toBe(indexText(index))
      expect(memberText(`app.m[${indexText(index)}].e`, path)).toBe('3')
    }
  })

  it('levels are found in any text, and no more than a few', () => {
    expect(levelsOf('app.uc[x].ep[3].pl')).toEqual([
      { family: 'app.uc', index: undefined },
      { family: 'app.uc[x].ep', index: 3 },
    ])
    expect(levelsOf('['.repeat(100_000))).toHaveLength(8)
    for (const wrong of ['a[03]', 'a[-1]', 'a[1.5]', 'a[1e3]', 'a[', 'a[12345678901234567]'])
      expect(levelsOf(wrong)[0]?.index).toBeUndefined()
  })
})
