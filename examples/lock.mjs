// A lock over leader election: npm run example -- lock
//
// The leader gets the lock. But a leader detector is right only in the end (it is Ω, Module 2.9): for a while two may trust themselves,
// and one that was paused, by a garbage collection or a closed lid, does not know that it was replaced. So trust alone is no lock.
// Here it decides who tries; that there is one holder for each term is uniform consensus; and the term is a *fencing token*: whatever
// the lock protects refuses a token lower than the highest it has seen. That check protects; the rest only helps it to be passed.
//
// Assumes: fail-noisy, a majority of correct processes. In a synchronous system (fail-stop) LeaderElection, Module 2.7, elects nobody
// before the last leader has crashed, and needs neither consensus nor token; but one answer that comes later than its bound breaks that.
import assert from 'node:assert/strict'
import { Process, systemTimer } from '@upon/runtime'
import { tcpTransport } from '@upon/transport/tcp'
import { run, say } from './cluster.mjs'
import { LeaderLock } from './leader-lock.mjs'

const replica = async ({ self, peers }) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [await tcpTransport({ self, peers }), systemTimer] })
  const lock = me.run(LeaderLock)
  let token = 0 // the last term in which this process has held the lock, as far as it knows
  let waiting = []
  me.upon(lock.held, (term, holder) => {
    if (holder !== self) return
    token = term
    for (const resolve of waiting) resolve()
    waiting = []
  })
  return {
    /** Waits until this process has held the lock in that term, or in a later one. */
    async acquire(term) {
      while (token < term) {
        lock.acquire()
        await new Promise((resolve) => waiting.push(resolve))
      }
    },
    /** What the storage is to write. On its way there anything may happen: here, the process falls asleep. */
    write(text, then) {
      const request = { text, token }
      if (then === 'fall asleep') process.kill(process.pid, 'SIGSTOP')
      return request
    },
  }
}

await run(import.meta.url, replica, async (system) => {
  const storage = { token: 1, texts: [] } // what the lock protects
  const accept = ({ text, token }, { name }) => {
    const isAccepted = token >= storage.token
    if (isAccepted) Object.assign(storage, { token, texts: [...storage.texts, text] })
    say(`writes '${text}' with token ${token}: ${isAccepted ? 'accepted' : `refused, ${storage.token} was there`}`, name)
    return isAccepted
  }
  const write = async (replicas, text) => {
    const holder = await Promise.any(replicas.map((each) => each.acquire(storage.token).then(() => each)))
    return accept(await holder.write(text), holder) ? holder : write(replicas, text)
  }
  const all = Object.values(system)
  const without = (one) => all.filter((each) => each !== one)

  const first = await write(all, 'one')
  const late = first.write('late', 'fall asleep')
  say('holds the lock, and falls asleep before its next write arrives', first.name)
  await write(without(first), 'two')
  first.resume()
  assert.equal(accept(await late, first), false, 'the storage is protected from who held the lock long ago')

  const victim = await write(all, 'three')
  victim.kill()
  await write(without(victim), 'four')
  assert.deepEqual(storage.texts, ['one', 'two', 'three', 'four'])
  say('A pause and a crash: each time the lock moved on, and nobody wrote out of turn.')
})
