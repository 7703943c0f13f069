import type { Run } from '@upon/simulator'

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

export const aGapFilled = (run: Run): boolean => writesIn(run).some(({ batch }) => batch.length === 0)

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
