// What is measured, each as `(cluster, options) => rows`.
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { cpuMs, footprint, startCluster } from './_cluster.mjs'
import { nextId } from './_driver.mjs'

/** A measurement that takes longer has no result. */
const LIMIT_MS = 20_000
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
const sorted = (numbers) => [...numbers].sort((a, b) => a - b)

const allCpuMs = (children) => children.reduce((sum, child) => sum + cpuMs(child), 0)

/** Runs `operation(client)` in each of `clients` chains, one after the other, for so long; gives times in ms, the rate, and the processes' time on the processor. */
async function repeat({ children }, clients, durationMs, operation) {
  const warmUntil = performance.now() + durationMs / 3
  const until = warmUntil + durationMs
  const times = []
  let first = Number.POSITIVE_INFINITY
  let all = 0
  const cpuBefore = allCpuMs(children)
  const chain = async (client) => {
    for (;;) {
      const start = performance.now()
      if (start >= until) return
      await operation(client)
      all++
      if (start < warmUntil) continue
      first = Math.min(first, start)
      times.push(performance.now() - start)
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, client) => chain(client)))
  const order = sorted(times)
  return {
    perSecond: (times.length / (performance.now() - first)) * 1_000,
    p50: percentile(order, 0.5),
    p99: percentile(order, 0.99),
    cpuUs: (1_000 * (allCpuMs(children) - cpuBefore)) / all,
  }
}

/** Nobody is to be measured while its code is still being compiled. */
async function warmUp(cluster, { durationMs }) {
  const { driver } = cluster
  const numbers = Array.from({ length: 8 }, nextId)
  await repeat(cluster, 8, durationMs, (i) => driver.write(i % driver.ports.length, numbers[i]))
  await Promise.all(Array.from({ length: 20 }, () => driver.propose()))
  await driver.newSystem()
  return {}
}

async function registers(cluster, { durationMs }) {
  const { driver } = cluster
  const rows = {}
  for (const clients of [1, 8, 64]) {
    const numbers = Array.from({ length: clients }, nextId)
    const { perSecond, p50, p99, cpuUs } = await repeat(cluster, clients, durationMs, (i) =>
      driver.write(i % driver.ports.length, numbers[i]),
    )
    rows[`write, ${clients} client${clients === 1 ? '' : 's'}: operations per second`] = { value: perSecond, better: 'more' }
    rows[`write, ${clients} client${clients === 1 ? '' : 's'}: p50, ms`] = { value: p50, better: 'less' }
    rows[`write, ${clients} client${clients === 1 ? '' : 's'}: p99, ms`] = { value: p99, better: 'less' }
    rows[`write, ${clients} client${clients === 1 ? '' : 's'}: processor time, us per operation`] = { value: cpuUs, better: 'less' }
  }
  return rows
}

async function broadcasts(cluster, { durationMs }) {
  const { driver } = cluster
  const alone = await repeat(cluster, 1, durationMs, () => driver.broadcast(0))
  const many = await repeat(cluster, 64, durationMs, (i) => driver.broadcast(i % driver.ports.length))
  return {
    'broadcast to all: p50, ms': { value: alone.p50, better: 'less' },
    'broadcast to all: p99, ms': { value: alone.p99, better: 'less' },
    'broadcast to all: processor time, us': { value: alone.cpuUs, better: 'less' },
    'broadcast, 64 at once: deliveries per second': { value: many.perSecond * driver.ports.length, better: 'more' },
  }
}

/** A foreign process goes on asking for heartbeats about every topic that it ever had: so it gets few in a system. */
async function consensus({ driver, children, kind }, { durationMs }) {
  const topics = kind === 'foreign' ? 20 : 200
  const times = []
  let cpu = 0
  const until = performance.now() + durationMs
  while (performance.now() < until || times.length === 0) {
    await driver.newSystem()
    const cpuBefore = allCpuMs(children)
    for (let topic = 0; topic < topics; topic++) {
      const start = performance.now()
      await driver.propose()
      if (topic > 1) times.push(performance.now() - start)
    }
    cpu += allCpuMs(children) - cpuBefore
  }
  const order = sorted(times)
  return {
    'consensus, one topic: p50, ms': { value: percentile(order, 0.5), better: 'less' },
    'consensus, one topic: p99, ms': { value: percentile(order, 0.99), better: 'less' },
    'consensus, one topic: processor time, us': {
      value: (1_000 * cpu * (topics - 2)) / topics / times.length,
      better: 'less',
    },
  }
}

async function manyTopics({ driver, children }) {
  const times = []
  const cpus = []
  for (let i = 0; i < 3; i++) {
    await driver.newSystem()
    const cpuBefore = allCpuMs(children)
    const start = performance.now()
    await Promise.all(Array.from({ length: 200 }, () => driver.propose()))
    times.push(performance.now() - start)
    cpus.push(allCpuMs(children) - cpuBefore)
  }
  await driver.newSystem()
  return {
    'consensus, 200 topics at once: ms': { value: percentile(sorted(times), 0.5), better: 'less' },
    'consensus, 200 topics at once: processor time, ms': { value: percentile(sorted(cpus), 0.5), better: 'less' },
  }
}

async function memory({ driver, children }) {
  await driver.broadcast(0)
  const prints = children.map(footprint)
  return {
    'memory of the largest process, MiB': { value: Math.max(...prints.map(({ rssMiB }) => rssMiB)), better: 'less' },
    'sockets of the process that has most': { value: Math.max(...prints.map(({ sockets }) => sockets)), better: 'less' },
  }
}

const measurements = { warmUp, registers, broadcasts, consensus, manyTopics, memory }

/** Runs all measurements on one cluster, and then those that kill, each on a cluster of its own. */
export async function measure(column, options) {
  const cluster = await startCluster(column)
  const rows = {}
  try {
    for (const [name, measurement] of Object.entries(measurements)) {
      if (options.only !== undefined && name !== 'warmUp' && !options.only.includes(name)) continue
      const found = await Promise.race([measurement(cluster, options), pause(LIMIT_MS)])
      if (found === undefined) break // what is late would disturb what follows
      Object.assign(rows, found)
    }
  } finally {
    await cluster.stop()
  }
  if (options.only === undefined || options.only.includes('recovery')) Object.assign(rows, await recoveries(column, options))
  return rows
}

/** Others have proposed and wait for the leader, which has not: so its death finds them in mid-instance, always. */
async function killedInInstance({ driver, children }) {
  const others = [0, 1]
  const decided = driver.propose(others)
  await pause(250)
  const start = performance.now()
  children[2].kill('SIGKILL')
  await decided
  return performance.now() - start
}

/** Dies while nothing is going on; then comes a topic. */
async function killedIdle({ driver, children }) {
  children[2].kill('SIGKILL')
  await once(children[2], 'exit')
  await pause(1_000)
  const start = performance.now()
  await driver.propose([0, 1])
  return performance.now() - start
}

async function recoveries(column, { kills }) {
  if (column.kind === 'raw') return {}
  const rows = {}
  const scenarios = {
    'leader killed in mid-instance: others decided, ms': killedInInstance,
    'leader died earlier: new topic decided, ms': killedIdle,
  }
  for (const [name, scenario] of Object.entries(scenarios)) {
    const times = []
    for (let i = 0; i < kills; i++) {
      const cluster = await startCluster(column)
      try {
        await cluster.driver.propose()
        await cluster.driver.propose()
        times.push(await Promise.race([scenario(cluster), pause(10_000).then(() => Number.POSITIVE_INFINITY)]))
      } finally {
        await cluster.stop()
      }
    }
    const order = sorted(times)
    rows[`${name}, p50`] = { value: percentile(order, 0.5), better: 'less' }
    rows[`${name}, worst`] = { value: order.at(-1), better: 'less' }
  }
  return rows
}
