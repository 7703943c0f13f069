import type { ProcessId } from '@upon/contract'
import { adopt, type Log } from './log'
import type { Batch, Entry, FromLeader } from './messages'
import type { Command } from './progress'

/** A process as the leader of an epoch sees it. */
interface Peer {
  /** How much it has shown, and how much it says that it shows, which comes with its promise. */
  shown: number
  expected: number | undefined
  /** The place up to which it has decided, as far as is known. */
  decided: number
  /** The next place to send, and how many are on the way. */
  next: number
  inFlight: number
  /** The last commit that we announced to it. */
  announced: number
}

/** What a leader knows in its epoch. */
export interface Leader {
  phase: 'reading' | 'writing'
  readonly peers: Map<ProcessId, Peer>
  readonly waiting: Command[]
  /** The last place that has a proposal, and who has accepted those that are not decided. */
  written: number
  readonly accepts: Map<number, Set<ProcessId>>
}

/** In epoch 0 nothing can have been accepted before: nobody need be asked. */
export const newLeader = (ets: number, processes: readonly ProcessId[]): Leader => {
  const newPeer = (): Peer => ({ shown: 0, expected: ets === 0 ? 0 : undefined, decided: 0, next: 1, inFlight: 0, announced: 0 })
  return {
    phase: ets === 0 ? 'writing' : 'reading',
    peers: new Map(processes.map((q) => [q, newPeer()])),
    waiting: [],
    written: 0,
    accepts: new Map(),
  }
}

const isMajority = (leader: Leader, size: number) => size > leader.peers.size / 2
const peerOf = (leader: Leader, q: ProcessId) => leader.peers.get(q) as Peer

export function countShown(leader: Leader, q: ProcessId): void {
  peerOf(leader, q).shown += 1
}

/** What somebody has decided is decided, though not all of it is accepted in this epoch. */
export function promise(leader: Leader, log: Log, q: ProcessId, decided: number, expected: number): void {
  log.commit = Math.max(log.commit, decided)
  Object.assign(peerOf(leader, q), { expected, decided, next: decided + 1, announced: decided })
}

/** Whether a majority has promised, and shown all that it had accepted. */
export const hasRead = (leader: Leader): boolean =>
  leader.phase === 'reading' && isMajority(leader, [...leader.peers.values()].filter(({ shown, expected }) => shown === expected).length)

export function startWriting(leader: Leader, log: Log, ets: number): void {
  leader.phase = 'writing'
  leader.written = adopt(log, ets)
}

/** Gives the waiting commands places: as many as may be on the way. */
export function place(leader: Leader, log: Log, ets: number, window: number, cut: (queue: Command[]) => Batch): void {
  while (leader.phase === 'writing' && leader.waiting.length > 0 && leader.written - log.commit < window) {
    leader.written += 1
    log.entries.set(leader.written, { valts: ets, batch: cut(leader.waiting) })
  }
}

export function countAccepts(leader: Leader, log: Log, q: ProcessId, places: readonly number[], decided: number): void {
  const peer = peerOf(leader, q)
  peer.inFlight -= places.length
  peer.decided = decided
  peer.next = Math.max(peer.next, decided + 1) // the leader may decide more than it has sent itself
  for (const place of places) if (place > log.commit) leader.accepts.set(place, (leader.accepts.get(place) ?? new Set()).add(q))
  while (isMajority(leader, leader.accepts.get(log.commit + 1)?.size ?? 0)) {
    log.commit += 1
    leader.accepts.delete(log.commit)
  }
}

/** What each process is to be sent: the snapshot and the places that it lacks, as far as it keeps up; and how much is decided. */
export function* due(leader: Leader, log: Log, window: number): Generator<[ProcessId, FromLeader]> {
  if (leader.phase === 'reading') return
  const all = Math.min(...[...leader.peers.values()].map(({ decided }) => decided))
  const writes = new Map<number, FromLeader>() // one message for all that are to have it: the links encode it once
  for (const [q, peer] of leader.peers) for (const message of dueTo(peer, leader.written, log, all, window, writes)) yield [q, message]
}

function* dueTo(
  peer: Peer,
  written: number,
  { base, last, entries, commit }: Log,
  all: number,
  window: number,
  writes: Map<number, FromLeader>,
): Generator<FromLeader> {
  if (peer.expected === undefined) return
  if (peer.next <= base.place && last !== undefined) {
    yield { kind: 'SNAPSHOT', ...last }
    peer.next = base.place + 1
  }
  for (; peer.next <= written && peer.inFlight < window; peer.next++) {
    peer.inFlight += 1
    peer.announced = commit
    const write = writes.get(peer.next) ?? { kind: 'WRITE', place: peer.next, batch: (entries.get(peer.next) as Entry).batch, commit, all }
    writes.set(peer.next, write)
    yield write
  }
  if (peer.announced < commit) yield { kind: 'DECIDED', commit, all }
  peer.announced = commit
}
