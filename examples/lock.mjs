// A lock over leader election: npm run example -- lock
//
// The leader holds the lock. But a leader detector is right only in the end (it is Ω, Module 2.9): for a while two may trust themselves,
// and one that was paused, by a garbage collection or a closed lid, does not know that it was replaced. So trust alone is no lock.
// Here it decides who tries; that there is one holder for each term is uniform consensus; and the term is a *fencing token*: whatever
// the lock protects refuses a token lower than the highest it has seen. That check, not the lock, makes it safe.
//
// Assumes: fail-noisy, a majority of correct processes. In a synchronous system (fail-stop) LeaderElection, Module 2.7, elects nobody
// before the last leader has crashed, and needs neither consensus nor token; but one answer that comes later than its bound breaks that.
import assert from 'node:assert/strict'
import { tcpTransport } from '@upon/links/tcp'
import { Process, systemTimer } from '@upon/runtime'
import { run, say } from './cluster.mjs'
import { LeaderLock } from './leader-lock.mjs'

const replica = async ({ self, peers }) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [await tcpTransport({ self, peers }), systemTimer] })
  const lock = me.run(LeaderLock)
  let held = { term: 0, holder: undefined }
  const waiting = []
  me.upon(lock.held, (term, holder) => {
    held = { term, holder }
    if (holder === self) for (const resolve of waiting.splice(0)) resolve()
  })
  return {
    async acquire() {
      if (held.holder !== self) await new Promise((resolve) => waiting.push(resolve))
    },
    /** What the storage is to write. Between the check and the write anything may happen: here, the process falls asleep. */
    write(text, then) {
      if (held.holder !== self) throw new Error('the lock is lost')
      const request = { text, token: held.term }
      if (then === 'fall asleep') process.kill(process.pid, 'SIGSTOP')
      return request
    },
  }
}

await run(import.meta.url, replica, async ({ p, q, r }) => {
  const storage = { token: 0, texts: [] } // what the lock protects
  const accept = ({ text, token }, { name }) => {
    const isAccepted = token >= storage.token
    if (isAccepted) Object.assign(storage, { token, texts: [...storage.texts, text] })
    say(`writes '${text}' with token ${token}: ${isAccepted ? 'accepted' : `refused, ${storage.token} was there`}`, name)
    return isAccepted
  }
  const holderOf = (replicas) => Promise.any(replicas.map((each) => each.acquire().then(() => each)))
  const write = async (replicas, text) => {
    const holder = await holderOf(replicas)
    const request = await holder.write(text).catch(() => undefined) // unless it has lost it meanwhile
    return request !== undefined && accept(request, holder) ? holder : write(replicas, text)
  }

  const first = await write([p, q, r], 'one')
  const late = first.write('late', 'fall asleep')
  say('holds the lock, and falls asleep before it writes', first.name)
  const others = [p, q, r].filter((each) => each !== first)
  await write(others, 'two')
  first.resume()
  assert.equal(accept(await late, first), false, 'the storage is protected from who held the lock long ago')

  const victim = await write([p, q, r], 'three')
  victim.kill()
  await write(
    [p, q, r].filter((each) => each !== victim),
    'four',
  )
  assert.deepEqual(storage.texts, ['one', 'two', 'three', 'four'])
  say('A pause and a crash: each time the lock moved on, and nobody wrote out of turn.')
})
