import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observation } from '@upon/runtime'
import { readRecording } from '@upon/trace'
import { type Disk, systemDisk } from '@upon/trace/files'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Recorder, type RecorderOptions, RecordingError } from './recorder'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'upon-recorder-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const processes = [
  { id: 'p', rank: 1 },
  { id: 'q', rank: 2 },
]

function begin(options: Partial<RecorderOptions> = {}) {
  const errors: RecordingError[] = []
  const folder = options.folder ?? newFolder()
  const recorder = new Recorder({ process: 'p', system: 'sys-1', processes, onFailure: (error) => errors.push(error), ...options, folder })
  return { recorder, errors, folder, text: () => readFileSync(join(folder, 'p.sys-1.ndjson'), 'utf8') }
}

let count = 0
const observed = (over: Partial<Observation> & Pick<Observation, 'index'>): Observation => ({
  ...{ cause: 0, time: 0, process: 'p', path: 'app.beb', module: 'BestEffortBroadcast', direction: 'request', event: 'broadcast' },
  attributes: [count++],
  ...over,
})

/** A disk that takes so many bytes and no more. */
function smallDisk(bytes: number): Disk {
  let room = bytes
  return {
    ...systemDisk,
    write: (fd, data, offset, position) => {
      const taken = Math.min(room, data.length - offset)
      if (taken === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      room -= taken
      return systemDisk.write(fd, data.subarray(offset, offset + taken), 0, position)
    },
    truncate: (fd, length) => {
      room = bytes - length
      systemDisk.truncate(fd, length)
    },
  }
}

describe('what a recording has', () => {
  it('every event, by the count of entries, with its cause; what came from others has none here', () => {
    const { recorder, text } = begin()
    const link = { path: 'app.pl', module: 'PerfectPointToPointLinks', direction: 'indication', event: 'deliver' } as const
    recorder.observe(observed({ index: 1, attributes: [undefined] }))
    recorder.observe(observed({ index: 2, cause: 1 }))
    recorder.observe(observed({ index: 3, cause: 2, ...link, attributes: ['q', 'm'] })) // kept until the handler of 2 made the link
    recorder.observe(observed({ index: 4, cause: 2, ...link, attributes: ['p', 'm'] }))
    recorder.end('stopped', true)
    const { entries, end } = readRecording(text())
    expect(entries.map(({ index, cause }) => [index, cause])).toEqual([
      [0, -1],
      [1, 0],
      [2, -1],
      [3, 1],
    ])
    expect(entries[0]?.attributes).toEqual([undefined])
    expect(Math.abs((entries[0]?.timeMs ?? 0) - Date.now())).toBeLessThan(60_000)
    expect(end).toMatchObject({ how: 'stopped', isQuiet: true })
  })

  it('it was not quiet while somebody is suspected', () => {
    const { recorder, text } = begin()
    const detector = { path: 'eld.epfd', module: 'EventuallyPerfectFailureDetector', direction: 'indication', attributes: ['q'] } as const
    recorder.observe(observed({ index: 1, ...detector, event: 'suspect' }))
    recorder.end('stopped', true)
    expect(readRecording(text()).end?.isQuiet).toBe(false)
  })

  it('on record when flush returns, or at the latest when the turn of the event loop ends', async () => {
    const { recorder, text } = begin()
    recorder.observe(observed({ index: 1 }))
    expect(readRecording(text()).entries).toHaveLength(0)
    recorder.flush()
    expect(readRecording(text()).entries).toHaveLength(1)
    recorder.observe(observed({ index: 2 }))
    await new Promise((resolve) => setImmediate(resolve))
    expect(readRecording(text()).entries).toHaveLength(2)
  })

  it('nothing is kept in memory beyond 64 Ki characters, however long a turn is', () => {
    const { recorder, text } = begin()
    for (let index = 1; index <= 1000; index++) recorder.observe(observed({ index, attributes: ['x'.repeat(1000)] }))
    expect(readRecording(text()).entries.length).toBeGreaterThan(900)
  })
})

describe('what goes wrong never throws, is said once as a RecordingError, and the file says that the process went on', () => {
  it.each([1_600, 1_650, 1_700, 1_750, 1_800, 1_850])(
    'the disk is full, after %s bytes: in the file, or by its name if there is no room',
    (bytes) => {
      const { recorder, errors, folder } = begin({ disk: smallDisk(bytes) })
      for (let index = 1; index <= 100; index++) {
        recorder.observe(observed({ index }))
        recorder.flush()
      }
      recorder.end('stopped', true)
      expect(errors).toEqual([
        expect.objectContaining({ name: 'RecordingError', system: 'sys-1', message: expect.stringContaining('ENOSPC') }),
      ])
      expect(errors[0]?.cause).toMatchObject({ code: 'ENOSPC' })
      const [file = ''] = readdirSync(folder)
      const { entries, leftOut, end } = readRecording(readFileSync(join(folder, file), 'utf8'))
      expect(entries.length + (end ? 1 : 0)).toBeGreaterThan(0)
      expect(leftOut).toBeUndefined()
      expect([file, end?.how]).toEqual(end === undefined ? ['p.sys-1.ndjson.failed', undefined] : ['p.sys-1.ndjson', 'failed'])
    },
  )

  it('the folder is none', () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'file'), '')
    const { recorder, errors } = begin({ folder: join(folder, 'file') })
    recorder.observe(observed({ index: 1 }))
    recorder.end('stopped', true)
    expect(recorder.file).toBeUndefined()
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(RecordingError)
    expect(errors[0]?.file).toBe(join(folder, 'file', 'p.sys-1.ndjson'))
  })

  it('the folder cannot be made', () => {
    const { recorder, errors } = begin({ folder: '/proc/none/deeper' }) // where the system says that it is not there, however often it is made
    expect(recorder.file).toBeUndefined()
    expect(errors).toHaveLength(1)
  })

  it('attributes that are no data', () => {
    const { recorder, errors, text } = begin()
    const round: { self?: object } = {}
    round.self = round
    recorder.observe(observed({ index: 1 }))
    recorder.observe(observed({ index: 2, attributes: [round] }))
    expect(errors).toHaveLength(1)
    expect(readRecording(text())).toMatchObject({ entries: [{ index: 0 }], end: { how: 'failed' } })
  })
})

describe('files', () => {
  it('never overwrite another one, and stay in their folder whatever the names', () => {
    const folder = join(newFolder(), 'made', 'here')
    for (let i = 0; i < 3; i++) begin({ folder }).recorder.end('stopped', true)
    begin({ folder, process: 'p', system: '../../sys/1' }).recorder.end('stopped', true)
    expect(readdirSync(folder).sort()).toEqual(['p.______sys_1.ndjson', 'p.sys-1.2.ndjson', 'p.sys-1.3.ndjson', 'p.sys-1.ndjson'])
  })

  it('a folder that cannot be read is no reason to stop either', () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'p.sys-1.ndjson'))
    const { recorder, errors } = begin({ folder })
    expect(recorder.file).toBe(join(folder, 'p.sys-1.2.ndjson'))
    expect(errors).toEqual([])
  })
})
