import { type Layer, misuse, type SequenceConsensus } from '@upon/contract'
import { described } from '../../misuse'
import type { Process } from '../../process'
import type { Supply } from '../../process-options'
import type { Supplying } from '../../supplying'
import { Call, endOf, type OperationOptions, signalOf } from '../face'
import type { Entry, Once, Outcome } from './entry'
import type { ReplicaEvent, StateMachine } from './machine'
import { Reads } from './reads'
import { Replica, type SequencePort } from './replica'

export interface ReplicateOptions<C, A> {
  /** The name of the instance, the same in all processes; `replica` by default. */
  readonly name?: string
  /** After so many commands replicas make a snapshot and compare their states; 20,000 by default. The same in all processes. */
  readonly checkpointCommands?: number
  /** Commands that may be under way here, and reads; 10,000 of each by default. */
  readonly limitCalls?: number
  /** Sessions of clients that are remembered; 10,000 by default, and the same in all processes. */
  readonly limitSessions?: number
  /** Sees all that happens at this replica, in its order. It must not throw. */
  readonly observe?: (event: ReplicaEvent<C, A>) => void
}

export interface ExecuteOptions extends OperationOptions {
  /** For a client that tries again elsewhere: the command is applied once, and each try gets the same answer. */
  readonly once?: Once
}

/** A replicated state machine as an application sees it. */
export interface ReplicaFace<S, C, A> {
  /**
   * Has the command applied at all replicas, at one place of one order, and gives the answer. Any number of calls may be under way. It rejects with an
   * `OperationError`, which says what is known. `NoEffectError`: `apply` threw (`failed`), the call was given up or refused before it
   * was sent, too many calls are under way, or this replica had ended. `OutcomeUnknownError`: the call was given up (`aborted`), or the process ended, after
   * it was sent; this replica was brought up by a snapshot (`restored`); its state differs from that of the others (`diverged`); or the session
   * has executed a later command, or was ended to make place (`expired`). With `once` such a command can be tried again, here or at another replica.
   */
  execute(command: C, options?: ExecuteOptions): Promise<A>
  /**
   * What `query` gives for a state in which every command is applied that was answered anywhere before this call: reads are linearizable. `query` must not
   * change the state. Rejects with `NoEffectError` alone, and with what `query` throws.
   */
  read<T>(query: (state: S) => T, options?: OperationOptions): Promise<T>
  /** A session for one client that executes its commands one after the other: see `once`. Any replica accepts it. */
  openSession(options?: OperationOptions): Promise<string>
}

/**
 * Replicates a state machine over a sequence of decisions: each process has a replica, all apply the same commands in the same order. All processes of
 * the system call this, with the same machine. What it tolerates is the layer's matter: `LeaderDrivenSequence` needs a majority of correct processes.
 *
 * A snapshot of the state, with its sessions, must be a value that may travel, or a replica that is far behind is given all commands instead, which
 * are kept for it. A replica whose state differs from that of a majority stops: its calls fail as `diverged`.
 *
 * - Cost: that of the layer, for a command or for all the reads of a turn; at checkpoints a snapshot, and a small entry from each process
 * - Source: Module 6.12, Algorithm 6.13, pages 330 and 331; sessions, digests and reads are ours
 */
export function replicate<S extends readonly Supply[], L extends Layer<SequenceConsensus>, State, C, A>(
  process: Process<S>,
  layer: L & Supplying<L, S>,
  machine: StateMachine<State, C, A>,
  options: ReplicateOptions<C, A> = {},
): ReplicaFace<State, C, A> {
  const { name = 'replica', checkpointCommands = 20_000, limitCalls = 10_000, limitSessions = 10_000, observe } = options
  for (const [option, value] of Object.entries({ checkpointCommands, limitCalls, limitSessions }))
    if (!(Number.isSafeInteger(value) && value >= 1)) throw misuse(`${option}: expected a whole number of at least 1, found ${value}`)
  if (typeof machine?.apply !== 'function') throw misuse(`replicate: expected { initial, apply }, found ${described(machine)}`)
  if (typeof (process as Partial<Process<S>> | undefined)?.run !== 'function')
    throw misuse(`replicate: expected a process, found ${described(process)}`)
  const port = (process as unknown as Process<[]>).run(layer as never, name) as unknown as SequencePort<Entry<C>>
  const settings = { checkpointCommands, limitCalls, limitSessions, observe }
  const replica = new Replica(process.self, process.processes.length, port, machine, settings)
  process.upon(port.decide, (slot, entry) => replica.decide(slot, entry))
  process.upon(port.restore, (_slot, snapshot) => replica.restore(snapshot))
  process.whenEnded((error) => replica.end(endOf(error)))
  return faceOf(replica, limitCalls)
}

function faceOf<S, C, A>(replica: Replica<S, C, A>, limitCalls: number): ReplicaFace<S, C, A> {
  const execute = (command: C, options?: ExecuteOptions): Promise<A> => {
    const signal = signalOf('execute', options)
    const once = onceOf(options)
    const call = new Call<A>('execute', ['failed', 'refused', 'overloaded'])
    const given = once === undefined ? {} : { once }
    replica.append(
      call,
      (p, n) => ({ kind: 'COMMAND', p, n, command, ...given }),
      (outcome) => take(call, outcome),
      signal,
    )
    return call.promise
  }
  const openSession = (options?: OperationOptions): Promise<string> => {
    const call = new Call<string>('openSession')
    const settle = (outcome: Outcome) => take(call, outcome)
    replica.append(call, (p, n) => ({ kind: 'OPEN', p, n }), settle, signalOf('openSession', options))
    return call.promise
  }
  const reads = new Reads(replica, limitCalls)
  return { execute, openSession, read: (query, options) => reads.read(query, options) }
}

function take<T>(call: Call<T>, outcome: Outcome): void {
  if (outcome.kind === 'applied') call.resolve(outcome.answer as T)
  else if (outcome.kind === 'failed') call.fail('no effect', { reason: 'failed', cause: new Error(outcome.message) })
  else call.fail('unknown', { reason: 'expired' })
}

function onceOf(options: ExecuteOptions | undefined): Once | undefined {
  const once = options?.once
  if (once === undefined) return undefined
  const { session, number } = once
  if (typeof session === 'string' && Number.isSafeInteger(number) && number >= 1) return { session, number }
  throw misuse(`execute: once: expected { session, number } with a number of at least 1, found ${described(once)}`)
}
