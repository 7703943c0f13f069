import { expect, test } from 'vitest'
import { LogFile } from './log-file'

test.each(['/dev/full', '/proc/no-such/file.log'])('a log file that cannot be written (%s) is said once and done without', async (path) => {
  const reasons: string[] = []
  let broken = (): void => {}
  const isBroken = new Promise<void>((resolve) => {
    broken = resolve
  })
  const file = new LogFile(path, (reason) => {
    reasons.push(reason)
    broken()
  })
  file.write('info', 'one')
  await isBroken
  file.write('info', 'another')
  await file.close()
  expect(reasons).toHaveLength(1)
})
