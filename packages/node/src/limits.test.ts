import { expect, test } from 'vitest'
import { LIMIT_NAME_BYTES, LIMIT_NAMES, LIMIT_NAMES_CHARACTERS, LimitError, limitNames, NameBudget, Names } from './limits'

test('a name that is known is always welcome, a new one as long as there is room', () => {
  const names = new Names(new NameBudget('topic', LIMIT_NAMES))
  for (let i = 0; i < LIMIT_NAMES; i++) expect(names.add(`t${i}`)).toBe('new')
  expect(names.add('t0')).toBe('known')
  expect(() => names.check('t1')).not.toThrow()
  expect(() => names.check('another')).toThrow(LimitError)
  expect(() => names.add('another')).toThrow('a process has at most 10000 topics')
  expect(names.size).toBe(LIMIT_NAMES)
})

test('the names together are not longer than stated, by more than one name', () => {
  const names = new Names(new NameBudget('register'))
  let characters = 0
  for (let i = 0; characters < LIMIT_NAMES_CHARACTERS; i++) {
    const name = `${i}${'x'.repeat(20_000)}`
    characters += name.length
    names.add(name)
  }
  expect(() => names.add('one more')).toThrow('with 4194304 characters in their names')
})

test('systems share the room, and one that ends makes room', () => {
  const budget = new NameBudget('topic', LIMIT_NAMES)
  const [one, other] = [new Names(budget), new Names(budget)]
  for (let i = 0; i < LIMIT_NAMES; i++) one.add(`t${i}`)
  expect(() => other.add('t0')).toThrow(LimitError)
  one.release()
  one.release()
  expect(budget).toMatchObject({ names: 0, characters: 0 })
  expect(other.add('t0')).toBe('new')
  expect(one.size).toBe(0)
})

test('length counts in bytes, and exactly', () => {
  const names = new Names(new NameBudget('register'))
  expect(names.add('x'.repeat(LIMIT_NAME_BYTES))).toBe('new')
  expect(() => names.add('x'.repeat(LIMIT_NAME_BYTES + 1))).toThrow("a register's name has at most 32768 bytes, not 32769")
  expect(names.add('é'.repeat(LIMIT_NAME_BYTES / 2))).toBe('new')
  expect(() => names.add(`x${'é'.repeat(LIMIT_NAME_BYTES / 2)}`)).toThrow('not 32769')
})

test.each([
  ['register', 64 * 2 ** 20, 1_024],
  ['topic', 64 * 2 ** 20, 364],
  ['register', 2 ** 31, LIMIT_NAMES],
  ['topic', 2 ** 31, LIMIT_NAMES],
] as const)('as many %ss as fit a heap of %i bytes: %i', (kind, heapBytes, expected) => {
  expect(limitNames(kind, heapBytes)).toBe(expected)
})
