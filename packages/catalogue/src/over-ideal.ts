import { hasIdeal, idealized } from '@upon/simulator'
import { type Entry, entry } from './entry'

/**
 * The algorithms of a catalogue once more, over layers that behave as badly as their modules allow: so that each is tested against the
 * specifications below it, not against what our algorithms below happen to do. For those that use a module of which there is such a layer.
 */
export const overIdeal = (entries: readonly Entry[]): Entry[] =>
  entries
    .filter(({ algorithm, options }) => options.over === undefined && hasIdeal(algorithm))
    .map(({ suite, algorithm, name, options: { sometimes, record } }) =>
      entry(suite, algorithm, {
        name: `${name}-over-ideal-layers`,
        over: idealized as never,
        ...(sometimes && { sometimes }),
        ...(record && { record }),
      }),
    )
