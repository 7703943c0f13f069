import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from './lib/lock.mjs'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upon-lock-'))
  lock = join(folder, 'inner', 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const never = () => expect.fail('nobody holds the lock')

describe('the lock', () => {
  it('lets one work at a time, and says once that it waits', async () => {
    let inside = 0
    let waits = 0
    const enter = () =>
      withLock(
        lock,
        () => waits++,
        async () => {
          expect(++inside).toBe(1)
          await new Promise((resolve) => process.nextTick(resolve))
          inside--
        },
      )
    await Promise.all([enter(), enter(), enter()])
    expect(waits).toBe(2)
    expect(existsSync(lock)).toBe(false)
  })

  it('is released when the work fails', async () => {
    await expect(withLock(lock, never, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await withLock(lock, never, async () => {})
  })

  it('is taken from a process that no longer touches it, and from no other', async () => {
    await withLock(lock, never, async () => {})
    writeFileSync(lock, 'killed')
    utimesSync(lock, new Date(0), new Date(0))
    await withLock(lock, never, async () => {})

    writeFileSync(lock, 'alive')
    let waits = 0
    const release = () => {
      waits++
      rmSync(lock)
    }
    await withLock(lock, release, async () => {})
    expect(waits).toBe(1)
  })
})
