// What deciding the history of a register with compare-and-swap costs.
// node packages/linearizability/bench/compare-and-swap.mjs, after a build.
import { linearizableObject, registerModel } from '../dist/index.js'
import { seeded } from './_seeded.mjs'

/** A linearizable history of reads, writes and compare-and-swaps, a third each; those never answered take effect later, or never. */
function storm({ clients, count, values, pendingPermille }, random) {
  const freeAt = new Array(clients).fill(0)
  const drafts = Array.from({ length: count }, () => {
    const client = freeAt.indexOf(Math.min(...freeAt))
    const from = freeAt[client] + random(5)
    const to = from + 1 + random(40)
    freeAt[client] = to
    const isPending = random(1000) < pendingPermille
    const at = from + random(isPending ? 2000 : to - from + 1)
    return { client, from, to: isPending ? undefined : to, at, sort: random(3), next: random(values) }
  })
  let value
  return drafts
    .sort((a, b) => a.at - b.at)
    .map(({ client, from, to, sort, next }) => {
      const common = { process: `c${client}`, invokedAtMs: from, respondedAtMs: to }
      if (sort === 0) return { ...common, input: { kind: 'read' }, output: value }
      const expected = random(3) === 0 ? random(values) : value
      const isFound = sort === 1 || expected === value
      if (isFound && (to !== undefined || random(2) === 0)) value = next
      if (sort === 1) return { ...common, input: { kind: 'write', value: next } }
      return { ...common, input: { kind: 'cas', expected, value: next }, output: isFound }
    })
    .sort((a, b) => a.invokedAtMs - b.invokedAtMs)
}

/** A new-old inversion at the end. */
function broken(history) {
  const from = Math.max(...history.slice(-1000).map(({ invokedAtMs, respondedAtMs }) => respondedAtMs ?? invokedAtMs))
  const op = (process, kind, value, a, b) => ({
    process,
    invokedAtMs: from + a,
    respondedAtMs: from + b,
    input: { kind, value },
    output: value,
  })
  return [...history, op('x', 'write', -1, 1, 2), op('x', 'write', -2, 3, 9), op('y', 'read', -2, 4, 5), op('z', 'read', -1, 6, 7)]
}

const shapes = [
  { clients: 1, count: 100_000, values: 5, pendingPermille: 0 },
  { clients: 4, count: 100_000, values: 5, pendingPermille: 0 },
  { clients: 8, count: 100_000, values: 5, pendingPermille: 0 },
  { clients: 12, count: 20_000, values: 5, pendingPermille: 0 },
  { clients: 20, count: 100, values: 5, pendingPermille: 250 },
  { clients: 12, count: 300, values: 50, pendingPermille: 250 },
  { clients: 20, count: 300, values: 50, pendingPermille: 250 },
]

console.log('clients operations values pending/1000 outcome                 ms')
for (const shape of shapes) {
  const legal = storm(shape, seeded(shape.count + shape.clients))
  for (const history of [legal, broken(legal)]) {
    const start = performance.now()
    const { outcome } = linearizableObject(registerModel(), history)
    const { clients, count, values, pendingPermille } = shape
    const facts = [`${clients}`.padStart(7), `${count}`.padStart(10), `${values}`.padStart(6), `${pendingPermille}`.padStart(12)]
    console.log(facts.join(' '), outcome.padEnd(17), (performance.now() - start).toFixed(0).padStart(8))
  }
}
