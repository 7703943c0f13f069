import type { ToSequence } from '@upon/compliance'
import { crash, type Run } from '@upon/simulator'
import type { RareSituation } from './entry'

interface Write {
  readonly kind: string
  readonly place: number
  readonly batch: readonly { readonly s: string; readonly sn: number }[]
}

/** What the leaders of a sequence wrote at the places of its log. */
function writesIn({ trace }: Run): Write[] {
  const messages = trace.entries.flatMap((entry) =>
    entry.type === 'event' && entry.event === 'send' && entry.path.startsWith('seq.pl[') ? [entry.attributes[1] as Write] : [],
  )
  return messages.filter(({ kind }) => kind === 'WRITE')
}

/** The leader writes at two places and crashes. The write of the first is lost with it, and that of the second has arrived. */
export const aGapFilled: RareSituation<ToSequence> = {
  occurs: (run) => writesIn(run).some(({ batch }) => batch.length === 0),
  plan: {
    seed: 1,
    processes: ['p1', 'p2', 'p3'],
    operations: [1, 2].map((propose) => ({ process: 'p3', afterMs: 20, operation: { propose } })),
    faults: [crash('p3', { lostPercent: 100 }).at(60)],
    schedule: { kind: 'fixed', delayMs: 1 },
    deviations: { 'p3>p1 seq.pl[0] 1': 100, 'p3>p2 seq.pl[0] 1': 100 },
    stabilisationMs: 60,
    boundMs: 10,
  },
}

export function aCommandAtTwoPlaces(run: Run): boolean {
  const places = new Map<string, number>()
  return writesIn(run).some(({ place, batch }) =>
    batch.some(({ s, sn }) => {
      const before = places.get(`${s} ${sn}`)
      places.set(`${s} ${sn}`, place)
      return before !== undefined && before !== place
    }),
  )
}
