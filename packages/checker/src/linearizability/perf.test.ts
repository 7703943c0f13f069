import { test } from 'vitest'
import { seeded, storm } from './histories'
import { decideBySweep } from './registers'
import { decideByZones } from './zones'
test('perf', () => {
    for (let i = 0; i < 3; i++) {
      const h = storm({ clients: 12, count: 100000, values: 0, pendingPermille: 10, readsPercent: 50, tickMs: 0 }, seeded(1))
      let t = performance.now()
      const d = decideByZones(h)
      console.log('values zones', performance.now() - t, d?.outcome)
      t = performance.now()
      const e = decideBySweep(h, { limitSteps: 1e12, limitMs: 10000, limitBytes: 5e8 })
      console.log('values sweep', performance.now() - t, typeof e)
    }
    for (const n of [20, 60, 100]) for (const m of [5, 20, 30, 60]) {
    const writes = Array.from({ length: n }, (_, i) => ({ process: 'p', kind: 'write' as const, value: i % m, invokedAtMs: 0, respondedAtMs: 1000 }))
    const reads = Array.from({ length: n + 1 }, (_, i) => ({ process: 'p', kind: 'read' as const, value: i % m, invokedAtMs: 1 + i, respondedAtMs: 1 + i + 0.5 }))
      const t = performance.now()
      const e = decideBySweep([...writes, ...reads], { limitSteps: 1e12, limitMs: 10000, limitBytes: 5e8 })
      console.log('values hard', n, m, performance.now() - t, e)
    }
    for (const [clients, values, span] of [[12, 5, 8], [12, 3, 40], [20, 5, 40], [40, 5, 8], [40, 20, 8]] as const) {
      for (let seed = 0; seed < 5; seed++) {
      const r = seeded(seed)
      const h = Array.from({ length: clients * 100 }, (_, i) => { const from = Math.floor(i / clients) * 10 + r(10); return { process: `${i % clients}`, kind: r(2) ? 'read' as const : 'write' as const, value: r(values), invokedAtMs: from, respondedAtMs: r(8) === 0 ? undefined : from + r(span) } })
      const t = performance.now()
      const e = decideBySweep(h, { limitSteps: 1e12, limitMs: 10000, limitBytes: 5e8 })
      console.log('values random', clients, values, span, performance.now() - t, typeof e === 'string' ? e : 'order' in e ? 'yes' : e.untilMs)
      }
    }
}, 1e9)
