import { BasicBroadcast } from '@upon/broadcast'
import { AtomicRegister, algorithm, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

/** What may be wrong with the register. */
export type RegisterFault =
  | 'none'
  | 'no write-back'
  | 'ties ignore rank'
  | "reader's rank in the write-back"
  | 'quorum of f'
  | 'lower timestamp overwrites'
  | 'read id not compared'
  | 'acknowledged only when newer'

type Query = { kind: 'READ'; rid: number } | ({ kind: 'WRITE'; rid: number } & Stamped)
type Reply = ({ kind: 'VALUE'; rid: number } & Stamped) | { kind: 'ACK'; rid: number }
interface Stamped {
  readonly ts: number
  readonly wr: number
  readonly val: Payload | undefined
}

/** A copy of read-impose write-consult-majority with one fault, or none. */
export const faultyRegister = (fault: RegisterFault) =>
  algorithm(
    {
      name: 'faulty-register',
      implements: { nnar: AtomicRegister },
      uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
      assumes: { model: 'fail-silent', resilience: 'f < N/2' },
      state: () => ({
        stored: { ts: 0, wr: 0, val: undefined } as Stamped,
        acks: new Set<ProcessId>(),
        writeval: undefined as Payload | undefined,
        rid: 0,
        readlist: new Map<ProcessId, Stamped>(),
        readval: undefined as Payload | undefined,
        reading: false,
      }),
    },
    ({ nnar, pl, beb, state, self, processes, rank, upon }) => {
      const isNewer = (a: Stamped, b: Stamped) => a.ts > b.ts || (a.ts === b.ts && a.wr > b.wr && fault !== 'ties ignore rank')
      const isQuorum = ({ size }: { readonly size: number }) =>
        fault === 'quorum of f' ? size >= Math.max(1, Math.ceil(processes.length / 2) - 1) : size > processes.length / 2

      const consult = () => {
        state.rid += 1
        state.acks.clear()
        state.readlist.clear()
        beb.broadcast({ kind: 'READ', rid: state.rid })
      }
      upon(nnar.read, () => {
        state.reading = true
        consult()
      })
      upon(nnar.write, (v) => {
        state.writeval = v
        consult()
      })
      upon(beb.deliver, 'READ', (p, { rid }) => pl.send(p, { kind: 'VALUE', rid, ...state.stored }))
      upon(pl.deliver, 'VALUE', (q, { rid, ts, wr, val }) => {
        if (rid !== state.rid && fault !== 'read id not compared') return
        state.readlist.set(q, { ts, wr, val })
        if (!isQuorum(state.readlist)) return
        const max = [...state.readlist.values()].reduce((a, b) => (isNewer(b, a) ? b : a))
        state.readlist.clear()
        state.readval = max.val
        if (!state.reading) beb.broadcast({ kind: 'WRITE', rid: state.rid, ts: max.ts + 1, wr: rank(self), val: state.writeval })
        else if (fault === 'no write-back') {
          state.reading = false
          state.rid += 1
          nnar.readReturn(max.val)
        } else
          beb.broadcast({
            kind: 'WRITE',
            rid: state.rid,
            ...max,
            ...(fault === "reader's rank in the write-back" ? { wr: rank(self) } : {}),
          })
      })
      upon(beb.deliver, 'WRITE', (p, { rid, ts, wr, val }) => {
        const newer = isNewer({ ts, wr, val }, state.stored) || fault === 'lower timestamp overwrites'
        if (newer) state.stored = { ts, wr, val }
        if (newer || fault !== 'acknowledged only when newer') pl.send(p, { kind: 'ACK', rid })
      })
      upon(pl.deliver, 'ACK', (q, { rid }) => {
        if (rid !== state.rid && fault !== 'read id not compared') return
        state.acks.add(q)
        if (!isQuorum(state.acks)) return
        state.acks.clear()
        if (state.reading) {
          state.reading = false
          nnar.readReturn(state.readval)
        } else nnar.writeReturn()
      })
    },
  )
