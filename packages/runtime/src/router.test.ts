import type { ProcessId } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import { memberText } from './paths'
import { type FamilyRoute, Router } from './router'

const LIMITS = { perInstance: 10, perSender: 100, perProcess: 1000 }

/** A router, and what it says: `refused perInstance app.x`, `missing app.x`, `unclaimed app.x`. */
function routed() {
  const said: string[] = []
  const router = new Router(LIMITS, {
    onMissing: (path) => said.push(`missing ${path}`),
    onOverflow: (limit, path) => said.push(`refused ${limit} ${path}`),
    onUnclaimed: (path, from) => said.push(`unclaimed ${path} of ${from}`),
  })
  const got: string[] = []
  const open = (path: string) => router.open(path, (from: ProcessId, message) => got.push(`${from} ${message}`))
  const wanted: string[] = []
  const living = new Set<number>()
  const family: FamilyRoute = {
    path: 'app.ep',
    lowest: 0,
    isPast: (number) => number < family.lowest && !living.has(number),
    demand: (path) => {
      const text = memberText('app.ep', path)
      if (text !== undefined) wanted.push(text)
      return text !== undefined
    },
  }
  return { router, said, got, open, family, living, wanted }
}

describe('an increasing family', () => {
  it('never goes back: what comes for a member below is late, whatever was asked since', () => {
    const { router, family, open, got } = routed()
    router.openFamily(family)
    router.advance(family, 5)
    router.advance(family, 3)
    expect(family.lowest).toBe(5)
    router.receive('p', 'app.ep[4].pl', 'm')
    router.receive('p', 'app.ep[5].pl', 'n')
    open('app.ep[4].pl')
    open('app.ep[5].pl')
    expect({ got, late: router.late }).toEqual({ got: ['p n'], late: 1 })
  })

  it('drops what was kept below, except for a member that lives', () => {
    const { router, family, living, open, got } = routed()
    router.openFamily(family)
    living.add(1)
    for (const index of [0, 1, 2, 3]) router.receive('p', `app.ep[${index}].pl`, index)
    router.advance(family, 3)
    expect({ late: router.late, held: router.held.count }).toEqual({ late: 2, held: 2 })
    router.receive('q', 'app.ep[1].pl', 'alive')
    for (const index of [0, 1, 2, 3]) open(`app.ep[${index}].pl`)
    expect(got).toEqual(['p 1', 'q alive', 'p 3'])
  })

  it('drops what was kept for a member that has ended, and for it alone', () => {
    const { router, family, living } = routed()
    router.openFamily(family)
    living.add(1).add(2)
    for (const index of [0, 1, 2]) router.receive('p', `app.ep[${index}].pl`, index)
    router.ended(family, 1)
    expect(router.late).toBe(1)
    expect([...router.held.messages.keys()]).toEqual(['app.ep[0].pl', 'app.ep[2].pl'])
  })

  it('is asked for the member of each message that is kept, as long as it is there', () => {
    const { router, family, wanted, said } = routed()
    router.openFamily(family)
    router.receive('p', 'app.ep[0].pl', 'm')
    router.closeFamily(family)
    router.receive('p', 'app.ep[1].pl', 'm')
    expect(wanted).toEqual(['0'])
    expect(said).toEqual(['missing app.ep[0].pl', 'missing app.ep[1].pl', 'unclaimed app.ep[1].pl of p'])
  })
})

it('what decides where messages go is what is kept, and how far families have come', () => {
  const { router, family } = routed()
  router.openFamily(family)
  router.openFamily({ ...family, path: 'app.uc' })
  expect(router.memory).toEqual({ held: new Map(), lowest: new Map() })
  router.advance(family, 1)
  router.receive('p', 'app.x', 'm')
  expect(router.memory).toEqual({ held: new Map([['app.x', [{ from: 'p', message: 'm' }]]]), lowest: new Map([['app.ep', 1]]) })
})

it('a link that was closed gets nothing more: messages wait until it is opened again', () => {
  const { router, open, got } = routed()
  open('app.pl')
  router.receive('p', 'app.pl', 1)
  router.close('app.pl')
  router.receive('p', 'app.pl', 2)
  expect(got).toEqual(['p 1'])
  open('app.pl')
  expect(got).toEqual(['p 1', 'p 2'])
})

it('what nobody makes is reported once for each layer at the root, for a hundred layers at most', () => {
  const { router, said } = routed()
  for (const path of ['app.a', 'app.b', 'app[1].c']) router.receive('p', path, 'm')
  expect(said.filter((text) => text.startsWith('unclaimed'))).toEqual(['unclaimed app.a of p'])
  for (let n = 0; n < 150; n++) router.receive(`p${n % 50}`, `root${n % 130}`, 'm')
  expect(said.filter((text) => text.startsWith('unclaimed'))).toHaveLength(100)
})

it('a layer that the host makes as soon as it is missing is not unclaimed', () => {
  const said: string[] = []
  const router: Router = new Router(LIMITS, {
    onMissing: (path) => router.open(path, (from, message) => said.push(`${from} ${message}`)),
    onOverflow: (limit) => said.push(limit),
    onUnclaimed: (path) => said.push(`unclaimed ${path}`),
  })
  router.receive('p', 'app.pl', 'm')
  expect(said).toEqual(['p m'])
})

it('a message that is refused makes nothing', () => {
  const { router, family, wanted, said } = routed()
  router.openFamily(family)
  for (let n = 0; n < 11; n++) router.receive('p', 'app.ep[0].pl', n)
  expect(wanted).toHaveLength(10)
  expect(said.filter((text) => text.startsWith('refused'))).toEqual(['refused perInstance app.ep[0].pl'])
})
