import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTrace } from '@upon/trace'
import { type Disk, systemDisk } from '@upon/trace/files'
import { expect, onTestFinished, test } from 'vitest'
import type { HubError } from '../errors'
import { TraceFile } from './trace-file'

/** A disk that takes so many bytes and no more. */
const smallDisk = (room: number): Disk => ({
  ...systemDisk,
  write: (fd, bytes, offset, position) => {
    const taken = Math.min(room - position, bytes.length - offset)
    if (taken <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    return systemDisk.write(fd, bytes.subarray(offset, offset + taken), 0, position)
  },
})

function begin(disk: Disk = systemDisk) {
  const folder = mkdtempSync(join(tmpdir(), 'upon-trace-file-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const errors: HubError[] = []
  const processes = [{ id: 'p-1', rank: 1 }]
  const file = new TraceFile({ folder, system: 'sys-1', processes, nowMs: () => 1.23456, onFailure: (error) => errors.push(error), disk })
  const event = (value: unknown) =>
    file.event({
      process: 'p-1',
      path: 'app.uc[t]',
      module: 'UniformConsensus',
      direction: 'request',
      event: 'propose',
      attributes: [value],
    })
  return { file, folder, errors, event, turn: () => new Promise((resolve) => setImmediate(resolve)) }
}

test.each([10, 500, 1_000, 1_500, 3_000])(
  'a disk with room for %i bytes: said once, and what is there is whole, and not taken for all',
  async (room) => {
    const { file, folder, errors, event, turn } = begin(smallDisk(room))
    for (let i = 0; i < 50; i += 1) {
      event(i)
      await turn()
    }
    file.end()
    expect(errors).toEqual([expect.objectContaining({ code: 'cannot-record', message: expect.stringContaining('ENOSPC') })])
    expect(file.name).toBeUndefined()
    expect(readdirSync(folder)).toEqual(['sys-1.hub.ndjson.failed'])
    const text = readFileSync(join(folder, 'sys-1.hub.ndjson.failed'), 'utf8')
    if (room > 100) expect(readTrace(text).entries.length).toBeGreaterThan(0)
    else expect(text).toBe('')
  },
)

test('what is written is there when the turn of the event loop ends; nothing is kept beyond 64 Ki characters', async () => {
  const { file, folder, event, turn } = begin()
  const entries = () => readTrace(readFileSync(join(folder, 'sys-1.hub.ndjson'), 'utf8')).entries
  event(1)
  expect(entries()).toEqual([])
  await turn()
  expect(entries()).toMatchObject([{ index: 0, cause: -1, timeMs: 1.235, attributes: [1] }])
  for (let i = 0; i < 1_000; i += 1) event('x'.repeat(1_000))
  expect(entries().length).toBeGreaterThan(900)
  file.end()
  expect(entries()).toHaveLength(1_001)
  event(2)
  expect(entries()).toHaveLength(1_001)
})
