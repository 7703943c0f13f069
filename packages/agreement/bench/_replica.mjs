// One process of replication.mjs: it runs what it is asked to, and its clients are in it.
import { ConsensusBasedUniformTotalOrder, SequenceBasedTotalOrder } from '@upon/agreement'
import {
  BasicBroadcast,
  BroadcastWithSequenceNumber,
  EagerReliableBroadcast,
  MajorityAckUniformReliableBroadcast,
  NoWaitingCausalBroadcastUsingFIFO,
} from '@upon/broadcast'
import { LeaderDrivenSequence } from '@upon/consensus'
import { Process, systemTimer, systemTurn } from '@upon/runtime'
import { broadcastFace, replicate } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'

const [self, peersText, what] = process.argv.slice(2)
const peers = JSON.parse(peersText)
const supply = [await tcpTransport({ self, peers }), systemTimer, systemTurn]
const me = new Process({ self, processes: Object.keys(peers), supply })
const text = (i, bytes) => String(i).padEnd(bytes, 'x')
const percentile = (sorted, share) => sorted[Math.floor(sorted.length * share)] ?? 0

const broadcasts = {
  'best-effort': BasicBroadcast,
  'eager reliable': EagerReliableBroadcast,
  'majority-ack uniform': MajorityAckUniformReliableBroadcast,
  'FIFO over eager reliable': BroadcastWithSequenceNumber.over({ rb: EagerReliableBroadcast }),
  'causal, no waiting, over FIFO': NoWaitingCausalBroadcastUsingFIFO,
  'total order over a sequence': SequenceBasedTotalOrder,
  'total order of Algorithm 6.1': ConsensusBasedUniformTotalOrder,
}

/** What the parent may ask of this process. */
const methods = what === 'replica' ? replica() : broadcaster(broadcasts[what])

function replica() {
  const machine = replicate(me, LeaderDrivenSequence, {
    initial: { applied: 0, last: '' },
    apply: (state, command) => {
      state.applied += 1
      state.last = command
      return { state, answer: state.applied }
    },
  })
  const operations = {
    execute: (i) => machine.execute(text(i, 100)),
    read: () => machine.read((state) => state.applied),
  }
  return {
    applied: () => machine.read((state) => state.applied),
    async load({ clients, ms, operation }) {
      const operate = operations[operation]
      const times = []
      let i = 0
      const until = performance.now() + ms
      const cpu = process.cpuUsage()
      const client = async () => {
        for (let before = performance.now(); before < until; ) {
          await operate(i++)
          const now = performance.now()
          times.push(now - before)
          before = now
        }
      }
      const start = performance.now()
      await Promise.all(Array.from({ length: clients }, client))
      const rate = times.length / ((performance.now() - start) / 1_000)
      const { user, system } = process.cpuUsage(cpu)
      const microseconds = (user + system) / times.length
      times.sort((a, b) => a - b)
      return { rate, p50: percentile(times, 0.5), p99: percentile(times, 0.99), microseconds }
    },
  }
}

function broadcaster(algorithm) {
  const broadcast = me.run(algorithm)
  const face = broadcastFace(me, broadcast)
  let delivered = 0
  let wanted = Number.POSITIVE_INFINITY
  let reached = () => {}
  me.upon(broadcast.deliver, () => {
    if (++delivered === wanted) reached()
  })
  return {
    expect: (count) => {
      wanted = delivered + count
      globalThis.arrival = new Promise((resolve) => {
        reached = resolve
      })
    },
    arrived: () => globalThis.arrival,
    async send({ count, bytes }) {
      for (let i = 0; i < count; i++) {
        const sent = face.broadcast(text(i, bytes))
        if (i % 500 === 499) await sent
        if (i % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

process.on('disconnect', () => process.exit())
process.on('message', async ({ number, method, argument }) => process.send({ number, value: await methods[method](argument) }))
process.send('ready')
