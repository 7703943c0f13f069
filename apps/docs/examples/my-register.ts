import { BasicBroadcast } from '@upon/broadcast'
import { AtomicRegister, algorithm, type Payload, PerfectPointToPointLinks, type ProcessId } from '@upon/contract'

type Stamped = { readonly ts: number; readonly rank: number; readonly val: Payload | undefined }
type Query = { kind: 'READ'; id: number } | ({ kind: 'WRITE'; id: number } & Stamped)
type Reply = ({ kind: 'VALUE'; id: number } & Stamped) | { kind: 'ACK'; id: number }

const later = (a: Stamped, b: Stamped) => (b.ts > a.ts || (b.ts === a.ts && b.rank > a.rank) ? b : a)

export const MyRegister = algorithm(
  {
    name: 'my-register',
    implements: { nnar: AtomicRegister },
    uses: { pl: PerfectPointToPointLinks.of<Reply>(), beb: BasicBroadcast.of<Query>() },
    assumes: { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N/2' },
    state: () => ({
      stored: { ts: 0, rank: 0, val: undefined } as Stamped,
      id: 0,
      writing: undefined as { readonly val: Payload } | undefined,
      values: new Map<ProcessId, Stamped>(),
      reading: undefined as Payload | undefined,
      acks: new Set<ProcessId>(),
    }),
  },
  ({ nnar, pl, beb, state, self, rank, processes, upon }) => {
    const isMajority = ({ size }: { readonly size: number }) => size >= processes.length / 2

    const consult = () => {
      state.id += 1
      state.values.clear()
      state.acks.clear()
      beb.broadcast({ kind: 'READ', id: state.id })
    }

    upon(nnar.read, () => {
      state.writing = undefined
      consult()
    })

    upon(nnar.write, (val) => {
      state.writing = { val }
      consult()
    })

    upon(beb.deliver, 'READ', (p, { id }) => {
      pl.send(p, { kind: 'VALUE', id, ...state.stored })
    })

    upon(pl.deliver, 'VALUE', (q, { id, ts, rank: by, val }) => {
      if (id !== state.id || isMajority(state.values)) return
      state.values.set(q, { ts, rank: by, val })
      if (!isMajority(state.values)) return
      const latest = [...state.values.values()].reduce(later)
      state.reading = latest.val
      if (state.writing) beb.broadcast({ kind: 'WRITE', id, ts: latest.ts + 1, rank: rank(self), val: state.writing.val })
      else beb.broadcast({ kind: 'WRITE', id, ...latest })
    })

    upon(beb.deliver, 'WRITE', (p, { id, ts, rank: by, val }) => {
      state.stored = later(state.stored, { ts, rank: by, val })
      pl.send(p, { kind: 'ACK', id })
    })

    upon(pl.deliver, 'ACK', (q, { id }) => {
      if (id !== state.id || isMajority(state.acks)) return
      state.acks.add(q)
      if (!isMajority(state.acks)) return
      if (state.writing) nnar.writeReturn()
      else nnar.readReturn(state.reading)
    })
  },
)
