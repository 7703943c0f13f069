import type { BestEffortBroadcast, Outside, ProcessId } from '@upon/contract'
import type { Operation } from '../plan'
import type { Random } from '../random'
import type { Perform } from '../simulate'

/** A client that broadcasts; it does not wait for anything. */
export function broadcastClient(broadcast: Pick<Outside<BestEffortBroadcast, number>, 'broadcast'>): Perform<number> {
  return (message, done) => {
    broadcast.broadcast(message)
    done()
  }
}

/** No message to three a process, all different. */
export function messages(random: Random, processes: readonly ProcessId[]): Operation<number>[] {
  const pauseUs = random.pick([0, 1_000, 10_000])
  let message = 0
  return processes.flatMap((process) =>
    Array.from({ length: random.between(0, 3) }, () => ({ process, afterMs: random.below(pauseUs + 1) / 1000, operation: ++message })),
  )
}
