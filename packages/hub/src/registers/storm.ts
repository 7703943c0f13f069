import { isExcused, type StormOutcome } from '../system/outcomes'
import { type Answer, isAnswer, type Missing } from '../system/pending'
import type { Member, SystemPort } from '../system/system-port'
import { randomFrom } from './random'
import type { Registers } from './registers'

export interface Storm {
  readonly register: string
  readonly operations: number
  readonly seed: number
  readonly members: readonly Member[]
  readonly timeoutMs: number
}

/**
 * Concurrent reads and writes, half of each, from all `members`: each goes on to its next operation when the last is answered, and stops at one that is
 * not. Values written are new to the register. What each process does depends on the seed only, when on the processes.
 */
export async function storm(
  system: SystemPort,
  registers: Registers,
  { register, operations, seed, members, timeoutMs }: Storm,
): Promise<StormOutcome> {
  const startedAtMs = system.nowMs()
  const answers: Answer<number | undefined>[] = []
  const missing: Missing[] = []
  let writes = 0
  const run = async (member: Member, position: number): Promise<void> => {
    const random = randomFrom(seed + position * 7919)
    const share = Math.floor(operations / members.length) + (position < operations % members.length ? 1 : 0)
    for (let i = 0; i < share; i += 1) {
      const kind = random() < 0.5 ? 'read' : 'write'
      const value = kind === 'write' ? registers.freshValue(register) : undefined
      if (kind === 'write') writes += 1
      const result = await registers.operate(member, register, kind, value, timeoutMs)
      if (!isAnswer(result)) {
        missing.push(result)
        return
      }
      answers.push(result)
    }
  }
  await Promise.all(members.map(run))
  const elapsedMs = system.nowMs() - startedAtMs
  const latencies = answers.map(({ afterMs }) => afterMs).sort((a, b) => a - b)
  const quantile = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  const [p50Ms, p99Ms] = [quantile(0.5), quantile(0.99)]
  const counts = { operations, writes, reads: answers.length + missing.length - writes }
  return { kind: 'storm', system: system.id, register, seed, ...counts, answers, missing, p50Ms, p99Ms, elapsedMs, ok: isExcused(missing) }
}
