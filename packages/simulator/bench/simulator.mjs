// How fast the bare network is. One thread; CPU time, since machines are shared.
import { PerfectPointToPointLinks } from '@upon/contract'
import { simulate } from '../dist/index.js'

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Messages that go round forever between processes that do nothing else. */
function bareNetwork(events) {
  const schedule = { kind: 'random', seed: 1, shape: 'uniform', lowMs: 0.5, highMs: 5 }
  const setup = (process) => {
    const pl = process.run(PerfectPointToPointLinks)
    process.upon(pl.deliver, (p, m) => pl.send(p, m))
    return (m) => {
      for (const q of process.processes) if (q !== process.self) pl.send(q, m)
    }
  }
  const operations = ['p1', 'p2', 'p3', 'p4', 'p5'].map((process, operation) => ({ process, afterMs: 0, operation }))
  const limits = { events, virtualMs: Number.MAX_SAFE_INTEGER }
  return simulate({ processes: 5, seed: 1, setup, operations, schedule, limits, record: 'nothing' }).events
}

bareNetwork(100_000)
const began = cpuSeconds()
const events = bareNetwork(2_000_000)
console.log(`bare network, 5 processes: ${(events / (cpuSeconds() - began) / 1e6).toFixed(2)} M messages/s a core`)

/** A rumour that each process sends to a few others when it is new to it: sparse traffic among many. */
function gossip(processes, fanout = 8) {
  const setup = (process) => {
    const pl = process.run(PerfectPointToPointLinks)
    let isKnown = false
    const learn = () => {
      if (isKnown) return
      isKnown = true
      for (let i = 0; i < fanout; i++) pl.send(process.random.pick(process.processes), 'rumour')
    }
    process.upon(pl.deliver, learn)
    return learn
  }
  return simulate({ processes, seed: 1, setup, operations: [{ process: 'p1', afterMs: 0, operation: 0 }], record: 'nothing' }).events
}

const start = cpuSeconds()
const messages = gossip(1_000)
const megabytes = Math.round(process.memoryUsage.rss() / 1e6)
console.log(`gossip, 1,000 processes: ${messages} events in ${(cpuSeconds() - start).toFixed(2)} s, ${megabytes} MB resident`)
