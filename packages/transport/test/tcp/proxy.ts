import { connect, type Socket } from 'node:net'
import type { Address } from '@upon/transport/tcp'
import { rawServer } from './support'

/**
 * What stands between two processes. `pass`: all is well. `close`, `reset`: connections are taken, and ended at their first byte. `swallow`: what is
 * sent vanishes, in both directions; `mute`: only what comes back. What passed through a connection while it swallowed is missing: it is of no more use.
 */
export type Mode = 'pass' | 'close' | 'reset' | 'swallow' | 'mute'

/** A TCP forwarder that does as the test says. */
export async function proxyTo(target: () => Address) {
  const pairs = new Map<Socket, Socket>()
  let mode: Mode = 'pass'
  let accepted = 0
  const hand = (from: Socket, to: Socket, isBack: boolean) => {
    let broken = false
    from.on('data', (chunk) => {
      broken ||= mode === 'swallow' || (mode === 'mute' && isBack)
      if (!broken) to.write(chunk)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
  const { address, server } = await rawServer((front) => {
    accepted++
    if (mode === 'close') return void front.once('data', () => front.destroy())
    if (mode === 'reset') return void front.once('data', () => front.resetAndDestroy())
    if (mode === 'swallow') return void front.resume()
    const back = connect(target())
    pairs.set(front, back)
    front.on('close', () => pairs.delete(front))
    hand(front, back, false)
    hand(back, front, true)
  })
  return {
    address,
    server,
    accepted: () => accepted,
    become(next: Mode) {
      mode = next
    },
    /** Ends the connections that stand. */
    cut() {
      for (const [front, back] of pairs) {
        front.resetAndDestroy()
        back.resetAndDestroy()
      }
    },
  }
}
