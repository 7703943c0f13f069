// A bank of three replicas: npm run example -- rsm
//
// Each process has all accounts, and all apply the same transfers in the same order. Clients transfer money through any of them, while the
// leader is killed. A client that gets no answer cannot know whether its transfer took place: it tries again elsewhere, in its session, and
// the transfer is applied once. In the end the sum is what it was, and each transfer was made exactly once.
//
// Assumes: fail-noisy, a majority of correct processes. Everything is in memory: when all three have stopped, the bank is gone.
import assert from 'node:assert/strict'
import { LeaderDrivenSequence } from '@upon/consensus'
import { Process, systemTimer, systemTurn } from '@upon/runtime'
import { replicate } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'
import { run, say } from './cluster.mjs'

const ACCOUNTS = ['alice', 'bob', 'carol', 'dave']
const [CLIENTS, TRANSFERS] = [16, 50]

const bank = {
  initial: { balances: Object.fromEntries(ACCOUNTS.map((name) => [name, 1000])), transfers: 0 },
  apply: ({ balances, transfers }, { from, to, amount }) => {
    if (balances[from] < amount) throw new Error(`${from} has only ${balances[from]}`)
    balances[from] -= amount
    balances[to] += amount
    return { state: { balances, transfers: transfers + 1 }, answer: transfers + 1 }
  },
}

const replica = async ({ self, peers }) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [await tcpTransport({ self, peers }), systemTimer, systemTurn] })
  const machine = replicate(me, LeaderDrivenSequence, bank, { checkpointCommands: 100 })
  const patiently = () => AbortSignal.timeout(2000)
  return {
    open: () => machine.openSession({ signal: patiently() }),
    transfer: (transfer, once) => machine.execute(transfer, { once, signal: patiently() }),
    read: () => machine.read((state) => state, { signal: patiently() }),
  }
}

await run(import.meta.url, replica, async ({ p, q, r }) => {
  let made = 0
  let retries = 0
  /** Asks one replica after the other until one answers; that `apply` threw is an answer. */
  const ask = async (replicas, question) => {
    for (let i = 0; ; i++) {
      try {
        return await question(replicas[i % replicas.length])
      } catch (error) {
        if (/apply threw/.test(error.message)) return undefined
        retries += 1
      }
    }
  }
  const client = async (i) => {
    const replicas = [
      [r, p, q, p],
      [p, q, p],
      [q, p, q],
    ][i % 3]
    const session = await ask(replicas, (each) => each.open())
    for (let number = 1; number <= TRANSFERS; number++) {
      const [from, to] = [ACCOUNTS[(i + number) % 4], ACCOUNTS[(i * number) % 4]]
      const transfer = { from, to, amount: (i * 7 + number * 13) % 100 }
      if ((await ask(replicas, (each) => each.transfer(transfer, { session, number }))) !== undefined) made += 1
      if (made === 200) r.kill() // the process of the highest rank leads
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)))
  say(`${CLIENTS} clients made ${made} transfers; ${retries} questions had to be asked again`)

  for (const each of [p, q]) {
    const { balances, transfers } = await each.read()
    say(`has ${JSON.stringify(balances)} after ${transfers} transfers`, each.name)
    assert.equal(transfers, made, 'no transfer was lost, and none was made twice')
    const sum = Object.values(balances).reduce((a, b) => a + b)
    assert.equal(sum, 4000)
  }
  say('The leader died in mid-flight: no transfer was lost or doubled, and the sum is what it was.')
})
