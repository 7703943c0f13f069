import { expect, test } from 'vitest'
import { History } from './history'

const processes = [{ name: 'p' }, { name: 'q' }]

test('operations come back as they were, however many', () => {
  const history = new History(processes)
  for (let i = 0; i < 1_000; i += 1) {
    const index = history.add((i % 2) + 1, i % 3 === 0 ? 'write' : 'read', i % 3 === 0 ? i : undefined, i + 0.5)
    if (i % 3 === 0) history.respond(index, i + 1)
    else if (i % 3 === 1) history.read(index, i === 1 ? undefined : i, i + 2)
  }
  const all = history.all()
  expect(all).toHaveLength(1_000)
  expect(all[0]).toEqual({ process: 'p', kind: 'write', value: 0, invokedAtMs: 0.5, respondedAtMs: 1, index: 0 })
  expect(all[1]).toEqual({ process: 'q', kind: 'read', value: undefined, invokedAtMs: 1.5, respondedAtMs: 3, index: 1 })
  expect(all[2]).toEqual({ process: 'p', kind: 'read', value: undefined, invokedAtMs: 2.5, index: 2 })
  expect(all[997]).toEqual({ process: 'q', kind: 'read', value: 997, invokedAtMs: 997.5, respondedAtMs: 999, index: 997 })
})

test('a read whose answer may be of an earlier one begins with that', () => {
  const history = new History(processes)
  const [late, now] = [history.add(1, 'read', undefined, 1), history.add(1, 'read', undefined, 5)]
  history.read(now, 3, 6, late)
  expect(history.all()[now]).toMatchObject({ invokedAtMs: 1, respondedAtMs: 6 })
})
