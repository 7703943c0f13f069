import type { Payload, ProcessId } from '@upon/contract'

/** A proposed value, told apart from others by its proposer and number. */
export interface Command {
  readonly s: ProcessId
  readonly sn: number
  readonly v: Payload
}

/** Numbers from 1 on: all up to one, and some beyond. */
interface Numbers {
  upTo: number
  readonly beyond: Set<number>
}

/** How far a log has been gone through: the places, the slots that they have given, and whose commands these were. */
export interface Progress {
  place: number
  slot: number
  readonly done: Map<ProcessId, Numbers>
}

export const noProgress = (): Progress => ({ place: 0, slot: 0, done: new Map() })

export const copyOf = ({ place, slot, done }: Progress): Progress => ({
  place,
  slot,
  done: new Map([...done].map(([s, { upTo, beyond }]) => [s, { upTo, beyond: new Set(beyond) }])),
})

export function isDone({ done }: Progress, { s, sn }: Command): boolean {
  const numbers = done.get(s)
  return numbers !== undefined && (sn <= numbers.upTo || numbers.beyond.has(sn))
}

/** A command has come up; it gives a slot if it is new. */
export function take(progress: Progress, command: Command): boolean {
  if (isDone(progress, command)) return false
  const { s, sn } = command
  progress.slot += 1
  const numbers = progress.done.get(s) ?? { upTo: 0, beyond: new Set() }
  progress.done.set(s, numbers)
  numbers.beyond.add(sn)
  while (numbers.beyond.delete(numbers.upTo + 1)) numbers.upTo += 1
  return true
}

/** Goes through a place, as far as this slot; whether that is the end of the place. */
export function takeUpTo(progress: Progress, batch: readonly Command[], slot: number): boolean {
  for (const command of batch) {
    if (progress.slot === slot && !isDone(progress, command)) return false
    take(progress, command)
  }
  return true
}
