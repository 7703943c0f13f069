import { type Algorithm, type Module, misuse, mostFaulty, type ProcessId, printable, type Timing } from '@upon/contract'
import { described } from './misuse'

/** The strongest first. */
const TIMINGS: readonly Timing[] = ['synchronous', 'eventually-synchronous', 'asynchronous']

/** Compares the assumptions of an algorithm and the layers below it with what the host says about the system. */
export function checkAssumptions(
  path: string,
  algorithm: Algorithm<Module>,
  n: number,
  { f, timing }: { readonly f: number | undefined; readonly timing: Timing | undefined },
): void {
  if (f === undefined && timing === undefined) return
  const { resilience, timing: assumed } = algorithm.assumes
  const most = mostFaulty(resilience, n)
  if (f !== undefined && f > most)
    throw misuse(`${path}: ${algorithm.name} assumes ${resilience}: at most ${most} of ${n} processes, not ${f}`)
  if (timing !== undefined && TIMINGS.indexOf(assumed) < TIMINGS.indexOf(timing))
    throw misuse(
      `${path}: ${algorithm.name} assumes an ${shown(assumed)} system; this one is ${shown(timing)}`.replace('an synch', 'a synch'),
    )
}

const shown = (timing: Timing) => timing.replace('-', ' ')

/** What the host says about its system. */
export function checkSystem(f: unknown, timing: unknown, n: number): void {
  if (f !== undefined && (!Number.isInteger(f) || (f as number) < 0 || (f as number) >= n))
    throw misuse(`f: expected how many of ${n} processes may be faulty, from 0 to ${n - 1}, found ${described(f)}`)
  if (timing !== undefined && !TIMINGS.includes(timing as Timing))
    throw misuse(`timing: expected ${TIMINGS.join(', ')}, found ${described(timing)}`)
}

/** Π of an instance, by increasing rank: some of the processes of its parent, including this process. */
export function checkMembers(path: string, members: unknown, processes: readonly ProcessId[], self: ProcessId): readonly ProcessId[] {
  if (!Array.isArray(members)) throw misuse(`${path}: members: expected a list of processes, found ${described(members)}`)
  const stranger = members.find((p) => !processes.includes(p))
  if (stranger !== undefined) throw misuse(`${path}: members: ${printable(String(stranger))} is not among ${processes.join(', ')}`)
  if (!members.includes(self)) throw misuse(`${path}: members: ${self} is not among them, so it has no instance`)
  return processes.filter((p) => members.includes(p))
}
