// What deciding a register's history costs beside the textbook's search, in the same run on the same histories.
// node packages/linearizability/bench/linearizability.mjs, after a build.
import { linearizable } from '../dist/index.js'
import { plainSearch } from './_plain-search.mjs'
import { seeded } from './_seeded.mjs'

const LIMIT_MS = 5_000

/** A linearizable history: each client does one operation after the other; those never answered take effect later, or never. */
function storm({ clients, count, values, pendingPermille, tickMs }, random) {
  const fraction = () => random(1_000_003) / 1_000_003
  const round = (ms) => (tickMs === 0 ? ms : Math.floor(ms / tickMs) * tickMs)
  const freeAt = new Array(clients).fill(0)
  const drafts = Array.from({ length: count }, (_, i) => {
    const client = freeAt.indexOf(Math.min(...freeAt))
    const from = freeAt[client] + fraction() * 0.5
    const to = from + 0.1 + fraction() * 4
    freeAt[client] = to
    const isPending = random(1000) < pendingPermille
    const at = isPending && random(2) === 0 ? from + fraction() * count : from + fraction() * (to - from)
    return { client, from, to, at, isPending, isRead: random(2) === 0, value: values === 0 ? i + 1 : 1 + random(values) }
  })
  let value
  return drafts
    .sort((a, b) => a.at - b.at)
    .map((d) => {
      if (!d.isRead && !(d.isPending && random(3) === 0)) value = d.value
      const common = { process: `c${d.client}`, invokedAtMs: round(d.from), respondedAtMs: d.isPending ? undefined : round(d.to) }
      return d.isRead ? { kind: 'read', value: d.isPending ? undefined : value, ...common } : { kind: 'write', value: d.value, ...common }
    })
}

/** A new-old inversion at the end. */
function broken(history) {
  const from = Math.max(...history.map((op) => op.respondedAtMs ?? op.invokedAtMs))
  const op = (process, kind, value, a, b) => ({ process, kind, value, invokedAtMs: from + a, respondedAtMs: from + b })
  return [...history, op('x', 'write', -1, 1, 2), op('x', 'write', -2, 3, 9), op('y', 'read', -2, 4, 5), op('z', 'read', -1, 6, 7)]
}

function timed(decide) {
  const start = performance.now()
  const result = decide()
  return [result, performance.now() - start]
}

const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)]

const shapes = [
  { clients: 4, count: 200, values: 0, pendingPermille: 0, tickMs: 0 },
  { clients: 12, count: 1_000, values: 0, pendingPermille: 0, tickMs: 0 },
  { clients: 12, count: 1_000, values: 5, pendingPermille: 0, tickMs: 0 },
  { clients: 12, count: 5_000, values: 5, pendingPermille: 0, tickMs: 1 },
  { clients: 12, count: 5_000, values: 5, pendingPermille: 20, tickMs: 0 },
  { clients: 12, count: 5_000, values: 20, pendingPermille: 100, tickMs: 1 },
  { clients: 12, count: 5_000, values: 20, pendingPermille: 300, tickMs: 1 },
  { clients: 12, count: 5_000, values: 200, pendingPermille: 100, tickMs: 0 },
  { clients: 12, count: 100_000, values: 0, pendingPermille: 10, tickMs: 0 },
]

console.log('clients operations values pending/1000 tick legal      ours ms   textbook ms      ratio')
for (const shape of shapes) {
  const legal = storm(shape, seeded(shape.count + shape.values))
  for (const history of [legal, broken(legal)]) {
    const runs = Array.from({ length: 5 }, () => timed(() => linearizable(history)))
    const oursMs = median(runs.map(([, ms]) => ms))
    const [expected, plainMs] = shape.count > 10_000 ? [undefined, Number.NaN] : timed(() => plainSearch(history, LIMIT_MS))
    const outcome = runs[0][0].outcome
    if (expected !== undefined && expected !== (outcome === 'linearizable')) throw new Error(`they disagree: ${expected}, ${outcome}`)
    const { clients, count, values, pendingPermille, tickMs } = shape
    const facts = [
      `${clients}`.padStart(7),
      `${count}`.padStart(10),
      `${values || 'unique'}`.padStart(6),
      `${pendingPermille}`.padStart(12),
    ]
    const plain = Number.isNaN(plainMs) ? 'not tried' : expected === undefined ? `gave up > ${LIMIT_MS}` : plainMs.toFixed(1)
    const ratio = Number.isNaN(plainMs) ? '' : `${expected === undefined ? '> ' : ''}${(plainMs / oursMs).toFixed(0)}`
    console.log(
      facts.join(' '),
      `${tickMs}`.padStart(4),
      outcome.slice(0, 9).padEnd(9),
      oursMs.toFixed(1).padStart(8),
      plain.padStart(13),
      ratio.padStart(10),
    )
  }
}
