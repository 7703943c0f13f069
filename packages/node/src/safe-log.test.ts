import { expect, it } from 'vitest'
import { createLog, type LogLevel } from './log'
import { safeLog } from './safe-log'

const HOSTILE = '\u001b[2J\r\nfake line\u202e\u009b31m'

function logged(level: LogLevel = 'trace') {
  const lines: string[] = []
  return { log: safeLog(createLog('abc-1', level, { write: (line) => void lines.push(line) })), lines }
}

it('what others chose is escaped wherever it stands in a line: in the message, in details, in their names, in errors and states', () => {
  const { log, lines } = logged()
  log.warn({ a: HOSTILE, [HOSTILE]: 1, list: [HOSTILE], deep: { er: { and: { deeper: { still: HOSTILE } } } } }, HOSTILE)
  log.error({ error: new Error(HOSTILE), state: { map: new Map([[HOSTILE, HOSTILE]]) } }, 'a handler threw')
  log.info(HOSTILE)
  expect(lines).toHaveLength(3)
  for (const line of lines) {
    const texts: string[] = []
    JSON.parse(line, (name, value) => {
      texts.push(name, String(value))
      return value
    })
    expect(texts.join('')).toContain('fake line')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(texts.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  }
})

it('no line is long, whatever is in it', () => {
  const { log, lines } = logged()
  const long = 'x'.repeat(1_000_000)
  const wide = Array.from({ length: 10_000 }, () => long)
  log.warn({ long, wide, error: new Error(long), map: new Map([[long, wide]]) }, long)
  expect(lines[0]?.length).toBeLessThan(40_000)
})

it('says of what is plain what it is', () => {
  const { log, lines } = logged()
  log.info({ systemId: 'sys-1', count: 3, list: ['a', 'b'], nothing: undefined, no: null, yes: true }, 'system started')
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    systemId: 'sys-1',
    count: 3,
    list: ['a', 'b'],
    no: null,
    yes: true,
    msg: 'system started',
  })
})

it('what is not logged costs nothing', () => {
  const { log, lines } = logged('warn')
  const details = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('looked at')
      },
    },
  )
  log.info(details, 'x')
  expect([lines, log.isLevelEnabled('info')]).toEqual([[], false])
})
