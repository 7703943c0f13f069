import { joinRecordings, type Recording } from '@upon/trace'
import { expect, test } from 'vitest'
import { checkAll } from '../src/index'

const processes = ['p', 'q'].map((id, i) => ({ id, rank: i + 1 }))

/** `send q m` and `deliver q m`, over a perfect link with q. */
function recording(process: string, lines: readonly string[], how: 'stopped' | 'failed' | 'none' = 'stopped'): Recording {
  const entries = lines.map((line, index) => {
    const [event = '', ...attributes] = line.split(' ')
    const direction = event === 'send' ? ('request' as const) : ('indication' as const)
    const named = { path: 'pl', module: 'PerfectPointToPointLinks', direction, event, attributes }
    return { type: 'event' as const, index, cause: -1, timeMs: index, process, ...named }
  })
  return { process, system: 'sys-1', processes, entries, ...(how !== 'none' && { end: { how, timeMs: 9, isQuiet: how === 'stopped' } }) }
}

const violated = (...recordings: Recording[]) =>
  checkAll(joinRecordings(recordings).trace)
    .filter(({ holds }) => holds === false)
    .map(({ property }) => property)

test.each<[string, Recording, Recording, string[]]>([
  ['a message that arrives', recording('p', ['send q a']), recording('q', ['deliver p a']), []],
  ['a message that no process sent', recording('p', []), recording('q', ['deliver p a']), ['PL3']],
  ['a message that no process sent before a crash', recording('p', [], 'none'), recording('q', ['deliver p a']), ['PL3']],
  ['a message that arrives twice', recording('p', ['send q a']), recording('q', ['deliver p a', 'deliver p a']), ['PL2']],
  [
    'messages that wait for each other in a circle',
    recording('p', ['deliver q b', 'send q a']),
    recording('q', ['deliver p a', 'send p b']),
    ['PL3'],
  ],
  ['a message whose sender could not record any more', recording('p', [], 'failed'), recording('q', ['deliver p a']), []],
])('the joined recordings of two processes: %s', (_, p, q, properties) => {
  expect(violated(p, q)).toEqual(properties)
})
