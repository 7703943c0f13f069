// Replicated commands and reads beside etcd, and broadcasts beside one another, in the same run, between three processes over loopback.
// Everything is in memory, of etcd too. Read the ratios: absolute figures are those of this machine at this moment.
import { startEtcd, startSystem, whyNoEtcd } from './_system.mjs'

const MS = Number(process.env.UPON_BENCH_MS ?? 3_000)
const ROUNDS = Number(process.env.UPON_BENCH_ROUNDS ?? 3)
const CLIENTS = [1, 64, 512]
const [MESSAGES, BYTES] = [20_000, 100]
const only = process.argv[2]

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const number = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
const print = (cells) => console.log(cells.map((cell, i) => (i === 0 ? `${cell}`.padEnd(36) : `${cell}`.padStart(15))).join(''))

/** The medians of some rounds. */
function summary(rounds) {
  const of = (field) => median(rounds.map((round) => round[field] ?? 0))
  return { rate: of('rate'), p50: of('p50'), p99: of('p99'), microseconds: of('microseconds') }
}

async function commands() {
  const { members, stop } = await startSystem('replica')
  const leader = members[2]
  const reason = whyNoEtcd()
  if (reason !== undefined) console.log(`skipped: beside etcd, for ${reason}`)
  const etcd = reason === undefined ? await startEtcd() : undefined
  print(['', 'ours/s', 'p50 ms', 'p99 ms', 'us of leader', 'etcd/s', 'p50 ms', 'p99 ms', 'ours / etcd'])
  await leader.ask('load', { clients: 64, ms: MS, operation: 'execute' }) // warm
  for (const operation of ['execute', 'read']) {
    for (const clients of CLIENTS) {
      const [ours, theirs] = [[], []]
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await leader.ask('load', { clients, ms: MS, operation }))
        if (etcd !== undefined) theirs.push(etcd.load({ clients, ms: MS, operation }))
      }
      const [us, them] = [summary(ours), etcd && summary(theirs)]
      const own = [number(us.rate), number(us.p50, 2), number(us.p99, 2), number(us.microseconds, 1)]
      const other =
        them === undefined ? [] : [number(them.rate), number(them.p50, 2), number(them.p99, 2), `${number(us.rate / them.rate, 1)}x`]
      print([`${operation}, ${clients} client${clients === 1 ? '' : 's'}`, ...own, ...other])
    }
  }
  const applied = await Promise.all(members.map(({ ask }) => ask('applied')))
  if (new Set(applied).size > 1) throw new Error(`the replicas have applied ${applied} commands`)
  etcd?.stop()
  stop()
}

/** Messages a second from the first one until all three have delivered all. */
async function broadcast(what) {
  const { members, stop } = await startSystem(what)
  const [p, , r] = members
  const round = async (sender, count) => {
    await Promise.all(members.map(({ ask }) => ask('expect', count)))
    const start = performance.now()
    await sender.ask('send', { count, bytes: BYTES })
    await Promise.all(members.map(({ ask }) => ask('arrived')))
    return (count / (performance.now() - start)) * 1_000
  }
  await round(r, MESSAGES / 4)
  const rates = { p: [], r: [] }
  for (let i = 0; i < ROUNDS; i++) {
    rates.r.push(await round(r, MESSAGES))
    rates.p.push(await round(p, MESSAGES))
  }
  stop()
  return { r: median(rates.r), p: median(rates.p) }
}

async function broadcasts() {
  print([`${number(MESSAGES)} messages of ${BYTES} bytes`, 'of r (leads)', 'of p', 'r / best-effort'])
  let base
  for (const what of [
    'best-effort',
    'eager reliable',
    'majority-ack uniform',
    'FIFO over eager reliable',
    'causal, no waiting, over FIFO',
    'total order over a sequence',
    'total order of Algorithm 6.1',
  ]) {
    const { r, p } = await broadcast(what)
    base ??= r
    print([what, number(r), number(p), `${number(r / base, 2)}x`])
  }
}

if (only !== 'broadcasts') await commands()
if (only !== 'commands') await broadcasts()
console.log('skipped: beside JGroups, which this benchmark does not drive')
process.exit()
