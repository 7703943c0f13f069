import fc from 'fast-check'
import { expect, test } from 'vitest'
import { consensusPath, MAX_STRING_BYTES, parseAbstractionId, registerPath } from './index'

const belowRegister = ['', 'pl', 'beb', 'beb.pl']
const belowTopic = ['', 'ec', 'ec.pl', 'ec.beb', 'ec.beb.pl', 'ec.eld', 'ec.eld.epfd', 'ec.eld.epfd.pl']
const belowEpoch = ['', '.pl', '.beb', '.beb.pl']
const join = (path: string, within: string) => (within === '' ? path : `${path}.${within}`)

test('every path of the protocol is taken apart', () => {
  expect(parseAbstractionId('app')).toEqual({ kind: 'app', within: '' })
  for (const within of ['pl', 'beb', 'beb.pl']) expect(parseAbstractionId(`app.${within}`)).toEqual({ kind: 'app', within })
  for (const within of belowRegister) expect(parseAbstractionId(join('app.nnar[x]', within))).toEqual({ kind: 'nnar', index: 'x', within })
  for (const within of belowTopic) expect(parseAbstractionId(join('app.uc[t]', within))).toEqual({ kind: 'uc', index: 't', within })
  for (const below of belowEpoch) {
    expect(parseAbstractionId(`app.uc[t].ep[2147483647]${below}`)).toEqual({ kind: 'uc', index: 't', within: `ep[2147483647]${below}` })
  }
})

const odd = fc.string({
  unit: fc.constantFrom('a', '.', '[', ']', 'pl', 'beb', '].beb', '].pl', 'ec', 'é', '\n', '__proto__'),
  maxLength: 12,
})

test('a register may have any name, brackets, dots and whole paths included', () => {
  fc.assert(
    fc.property(odd, fc.constantFrom(...belowRegister), (name, within) => {
      expect(parseAbstractionId(join(registerPath(name), within))).toEqual({ kind: 'nnar', index: name, within })
    }),
  )
})

test('so may a topic, unless it ends like an epoch, `...].ep[3`', () => {
  fc.assert(
    fc.property(odd, fc.constantFrom(...belowTopic, ...belowEpoch.map((below) => `ep[3]${below}`)), (topic, within) => {
      expect(parseAbstractionId(join(consensusPath(topic), within))).toEqual({ kind: 'uc', index: topic, within })
    }),
  )
  expect(parseAbstractionId(consensusPath('a].ep[3'))).toEqual({ kind: 'uc', index: 'a', within: 'ep[3]' })
})

test('a register may have a name of 10,000 characters', () => {
  const name = 'é]'.repeat(5000)
  expect(parseAbstractionId(`${registerPath(name)}.beb.pl`)).toEqual({ kind: 'nnar', index: name, within: 'beb.pl' })
})

test('anything else is unknown', () => {
  const ids = [
    '',
    'hub',
    'app.',
    'apppl',
    'xpp.pl',
    'app.nnar',
    'app.nnar[',
    'app.nnar[x',
    'app.nnar[x].',
    'app.nnar[x].ec',
    'app.nnar[x]pl',
    'app.uc[t].ep[].pl',
  ]
  const long = [`app${'.beb'.repeat(10_000)}`, registerPath('a'.repeat(MAX_STRING_BYTES)), `app.nnar[${'a.'.repeat(500_000)}`]
  for (const id of [...ids, ...long]) expect(parseAbstractionId(id), id.slice(0, 40)).toEqual({ kind: 'unknown', within: '' })
})
