import { describe, expect, test } from 'vitest'
import { JoinError, joinRecordings, type Recording, readRecording, type TraceEntry, TraceError } from './index'
import { entryLine } from './ndjson'
import { recordingEnd, recordingHead } from './recording'

const processes = ['p', 'q', 'r'].map((id, i) => ({ id, rank: i + 1 }))
const stopped = { how: 'stopped', timeMs: 1e6, isQuiet: true } as const

/** `5 send q m` is a sending to q at 5 ms, `6 deliver q m` a delivery from q. By default the recording ends as stopped. */
function recording(process: string, lines: readonly string[], end: Recording['end'] | 'none' = stopped): Recording {
  const entries = lines.map((line, index) => {
    const [time, event = '', other, message] = line.split(' ')
    const direction = event === 'send' ? ('request' as const) : ('indication' as const)
    const named = { path: 'pl', module: 'PerfectPointToPointLinks', direction, event, attributes: [other, message] }
    return { type: 'event' as const, index, cause: -1, timeMs: Number(time), process, ...named }
  })
  return { process, system: 'sys-1', processes, entries, ...(end !== 'none' && { end }) }
}

const shown = (entries: readonly TraceEntry[]): string[] =>
  entries.map((e) => (e.type === 'event' ? `${e.process} ${e.event} ${e.attributes.join(' ')} by ${e.cause}` : `${e.process} ${e.type}`))

describe('the order of a joined trace', () => {
  test('a delivery comes after its sending and is caused by it, whatever the clocks say; otherwise the order is by time', () => {
    const p = recording('p', ['900 send q a', '901 deliver r c'])
    const q = recording('q', ['10 deliver p a', '11 send r b'])
    const r = recording('r', ['500 deliver q b', '501 send p c'])
    const { trace } = joinRecordings([r, q, p])
    expect(shown(trace.entries)).toEqual([
      'p send q a by -1',
      'q deliver p a by 0',
      'q send r b by -1',
      'r deliver q b by 2',
      'r send p c by -1',
      'p deliver r c by 4',
    ])
    expect(trace.entries.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(trace.entries.map(({ timeMs }) => timeMs)).toEqual([890, 890, 891, 891, 892, 892])
    expect(trace.processes).toEqual(processes)
  })

  test('among equal messages, the n-th delivery belongs to the n-th sending', () => {
    const p = recording('p', ['1 send q a', '2 send q b', '3 send q a'])
    const q = recording('q', ['1 deliver p b', '4 deliver p a', '5 deliver p a'])
    expect(shown(joinRecordings([p, q, recording('r', [])]).trace.entries)).toEqual([
      'p send q a by -1',
      'p send q b by -1',
      'q deliver p b by 1',
      'p send q a by -1',
      'q deliver p a by 0',
      'q deliver p a by 3',
    ])
  })

  test('causes within a process keep pointing to what triggered them', () => {
    const p = recording('p', ['1 send q a', '2 send q b', '3 send q c'])
    const entries = p.entries.map((entry) => ({ ...entry, cause: entry.index - 1 }))
    const q = recording('q', ['1 deliver p a', '2 deliver p b', '3 deliver p c'])
    const { trace } = joinRecordings([{ ...p, entries }, q, recording('r', [])])
    expect(shown(trace.entries).filter((line) => line.startsWith('p'))).toEqual(['p send q a by -1', 'p send q b by 0', 'p send q c by 2'])
  })

  test('messages that wait for each other in a circle, which no run has, are joined too: the first delivery has no cause', () => {
    const p = recording('p', ['1 deliver q b', '2 send q a'])
    const q = recording('q', ['1 deliver p a', '2 send p b'])
    const { trace } = joinRecordings([p, q, recording('r', [])])
    expect(shown(trace.entries)).toEqual(['p deliver q b by -1', 'p send q a by -1', 'q deliver p a by 1', 'q send p b by -1'])
  })
})

describe('the end of the processes', () => {
  test('quiescent: all stopped normally, with nothing pending', () => {
    const p = recording('p', ['1 send q a'])
    const q = recording('q', ['2 deliver p a'])
    const r = recording('r', [])
    expect(joinRecordings([p, q, r])).toMatchObject({ trace: { end: 'quiescent' }, remarks: [] })
    expect(joinRecordings([p, recording('q', []), r]).trace.end).toBe('cut')
    expect(joinRecordings([p, q, recording('r', [], { ...stopped, isQuiet: false })]).trace.end).toBe('cut')
    expect(joinRecordings([p, q, recording('r', [], 'none')]).trace.end).toBe('cut')
  })

  test('a process crashed if its recording has no end, or ends with an error', () => {
    const p = recording('p', ['1 send q a'], 'none')
    const q = recording('q', ['7 deliver p a'], { ...stopped, how: 'crashed', detail: 'pl, deliver: boom' })
    const { trace, remarks } = joinRecordings([p, q, recording('r', [], 'none')])
    expect(shown(trace.entries)).toEqual(['r crash', 'p send q a by -1', 'p crash', 'q deliver p a by 1', 'q crash'])
    expect(trace.entries.at(-1)).toMatchObject({ timeMs: 6, detail: 'pl, deliver: boom' })
    expect(remarks).toHaveLength(3)
  })

  test('a message without a recorded sending stays, without a cause', () => {
    const q = recording('q', ['1 deliver p a'])
    for (const end of [stopped, 'none'] as const) {
      const { trace } = joinRecordings([recording('p', [], end), q, recording('r', [])])
      expect(shown(trace.entries)).toContain('q deliver p a by -1')
    }
    const twice = recording('q', ['1 deliver p a', '2 deliver p a'])
    const { trace } = joinRecordings([recording('p', ['1 send q a']), twice, recording('r', [])])
    expect(shown(trace.entries)).toEqual(['p send q a by -1', 'q deliver p a by 0', 'q deliver p a by -1'])
  })

  test('but if the sender could not record any more, all that depends on missing events is left out', () => {
    const p = recording('p', ['1 send q a'], { how: 'failed', timeMs: 2, isQuiet: false, detail: 'no space' })
    const q = recording('q', ['2 deliver p a', '3 deliver p b', '4 send r c'])
    const r = recording('r', ['1 send p x', '5 deliver q c', '6 send q d'], 'none')
    const { trace, remarks } = joinRecordings([p, q, r])
    expect(shown(trace.entries)).toEqual(['p send q a by -1', 'r send p x by -1', 'q deliver p a by 0', 'r crash'])
    expect(trace.end).toBe('cut')
    expect(remarks).toEqual([
      'p went on, but could not record it: no space',
      '2 of the 3 entries of q depend on events that were not recorded, and are left out',
      expect.stringMatching(/^r crashed/),
      '2 of the 3 entries of r depend on events that were not recorded, and are left out',
    ])
  })

  test.each<[string, Recording[], string]>([
    ['none', [], 'there is no recording'],
    ['two of one process', [recording('p', []), recording('p', [])], 'two recordings of p in sys-1'],
    ['one of another system', [recording('p', []), { ...recording('q', []), system: 'sys-2' }], 'different systems'],
    ['other processes', [recording('p', []), { ...recording('q', []), processes: processes.slice(1) }], 'different systems'],
    ['not all', [recording('p', [])], 'sys-1 has no recording of q, r'],
  ])('recordings that are not those of one run are refused: %s', (_, recordings, words) => {
    expect(() => joinRecordings(recordings)).toThrow(JoinError)
    expect(() => joinRecordings(recordings)).toThrow(words)
  })
})

describe('recordings on disk', () => {
  const { entries } = recording('p', ['1 send q a', '2 send q b'])
  const head = recordingHead({ process: 'p', system: 'sys-1', processes })
  const lines = [head, ...entries.map(entryLine), recordingEnd({ ...stopped, detail: 'as told' }, 2)]
  const text = `${lines.join('\n')}\n`

  test('are the same after writing and reading', () => {
    expect(readRecording(text)).toEqual({ process: 'p', system: 'sys-1', processes, entries, end: { ...stopped, detail: 'as told' } })
  })

  test('wherever kill -9 ends one, all whole lines are read, and half a line is left out with the reason', () => {
    for (let length = head.length + 1; length < text.length; length++) {
      const read = readRecording(text.slice(0, length))
      const whole = text.slice(0, length).split('\n')
      const isHalf = whole.at(-1) !== '' && whole.at(-1) !== lines[whole.length - 1]
      expect(read.leftOut).toBe(isHalf ? `line ${whole.length}, the last one, ends in the middle` : undefined)
      expect(read.entries.length + (read.end ? 1 : 0)).toBe(whole.length - 2 + (isHalf || whole.at(-1) === '' ? 0 : 1))
    }
  })

  test.each([
    ['nothing', '', 1, 'empty'],
    ['half a head', head.slice(0, 50), 1, 'not JSON'],
    ['a line broken in the middle', `${lines[0]}\n${lines[1]?.slice(0, 30)}\n${lines[2]}\n`, 2, 'not JSON'],
    ['an entry of another process', text.replace('"process":"p"', '"process":"q"'), 2, 'expected an event of p'],
    ['a recorder that is not one of the processes', text.replace('"recordedBy":"p"', '"recordedBy":"x"'), 1, '"recordedBy" is "x"'],
    ['something after the end', `${text}${lines[1]}\n`, 5, 'follows the end'],
    ['fewer entries than there were', text.replace('"index":2', '"index":3'), 4, 'how many entries there are'],
    ['an unknown end', text.replace('"stopped"', '"over"'), 4, '"how" is "over"'],
  ])('are refused with the line and the problem: %s', (_, broken, line, words) => {
    const error = (() => {
      try {
        return readRecording(broken)
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(TraceError)
    expect(error).toMatchObject({ line, message: expect.stringContaining(words) })
  })
})
