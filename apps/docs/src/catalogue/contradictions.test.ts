import { BasicBroadcast } from '@upon/broadcast'
import { expect, it } from 'vitest'
import { brokenLinks } from '../links/broken-links'
import { contradictions } from './contradictions'
import { readHeader } from './header'
import type { AnyAlgorithm } from './layers'

const header = `Basic broadcast: send to everybody.

- Implements: BestEffortBroadcast (beb)
- Uses: PerfectPointToPointLinks (pl)
- Assumes: fail-silent; any number of crashes
- Cost: 1 step, N messages
- Source: Algorithm 3.1, page 76`

const about = (text: string) => contradictions(readHeader(text), BasicBroadcast as unknown as AnyAlgorithm)

it('a header that says what its algorithm is contradicts nothing', () => {
  expect(about(header)).toEqual([])
})

it.each([
  ['Implements', header.replace('(beb)', '(rb)'), /Implements/],
  ['Uses, too little', header.replace('PerfectPointToPointLinks (pl)', 'nothing'), /does not say that it uses/],
  ['Uses, too much', header.replace('(pl)', '(pl), Timer (timer)'), /says that it uses Timer \(timer\), but it does not/],
  ['the model', header.replace('fail-silent', 'fail-stop'), /its model is fail-silent/],
  ['the resilience', header.replace('any number of crashes', 'f < N/2'), /its resilience is f < N$/],
])('a header that contradicts its algorithm is found out: %s', (_, text, expected) => {
  expect(about(text)).toEqual([expect.stringMatching(expected)])
})

it('a header that lacks a line, or has one that nobody knows, is refused', () => {
  expect(() => readHeader(header.replace(/- Cost:.*\n/, ''))).toThrow('lacks `- Cost: ...`')
  expect(() => readHeader(header.replace('Cost:', 'Costs:'))).toThrow('Costs')
})

it('a link that leads to no page, no heading or another host is found out', () => {
  const pages = [
    { address: '/', html: '<a href="/a#one">x</a><a href="/a#two">x</a><a href="/b">x</a><a href="http://elsewhere/">x</a>' },
    { address: '/a', html: '<h2 id="one">x</h2><a href="./">x</a>' },
  ]
  expect(brokenLinks(pages, [])).toEqual([
    '/: /a#two leads to no heading of that page',
    '/: /b leads to no page',
    '/: http://elsewhere/ leaves the site',
  ])
})
