import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printable } from './printable'

it('text that a person can read is left as it is', () => {
  expect(printable('topic ü 日本語 👍 [x] \\n')).toBe('topic ü 日本語 👍 [x] \\n')
})

it('what moves a cursor, sets a colour, breaks a line or turns the direction is escaped', () => {
  expect(printable('a\u001b[31mb\u0007\r\n\t\u009b2J')).toBe('a\\u{1b}[31mb\\u{7}\\r\\n\\t\\u{9b}2J')
  expect(printable('\u202eabc\u2066\u200b\u2028\ufeff')).toBe('\\u{202e}abc\\u{2066}\\u{200b}\\u{2028}\\u{feff}')
  expect(printable('half \ud83d')).toBe('half \\u{d83d}')
})

it('a long text is clipped, and its length is said', () => {
  expect(printable('x'.repeat(1_000_000), 5)).toBe('xxxxx… (1000000 characters)')
  expect(printable('xxxxx', 5)).toBe('xxxxx')
})

it('nothing but printable characters comes out, and never much more than the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(0x10ffff), { maxLength: 80 }).map((points) => String.fromCodePoint(...points)),
      (text) => {
        const shown = printable(text, 20)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(shown.length).toBeLessThan(20 * 10 + 30)
      },
    ),
  )
})
