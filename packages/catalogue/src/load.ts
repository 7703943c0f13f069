import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Scenario } from '@upon/simulator'
import { catalogue, type Entry, find, packages } from '.'

/** Where an algorithm comes from: the project's own catalogue, or a user's module that exports one. */
export interface Source {
  readonly name: string
  /** The path of a JavaScript module with `export const catalogue = [entry(...), ...]`. */
  readonly from?: string
  readonly layers: Layers
}

/** The layers of a test: the algorithm's own, adversarial ones, or its own with a second instance beside it. */
export type Layers = 'own' | 'adversarial' | 'side by side'

export async function entriesOf(from: string | undefined): Promise<readonly Entry[]> {
  if (from === undefined) return catalogue
  const { catalogue: theirs } = (await import(pathToFileURL(resolve(from)).href)) as { readonly catalogue?: unknown }
  if (!Array.isArray(theirs))
    throw new Error(`${from} exports no catalogue; expected export const catalogue = [entry(suite, algorithm), ...]`)
  return theirs as readonly Entry[]
}

export async function load({ name, from }: Pick<Source, 'name' | 'from'>): Promise<Entry> {
  const entries = await entriesOf(from)
  const found = find(name, entries)
  if (found === undefined)
    throw new Error(`there is no algorithm ${name}; expected one of ${entries.map((entry) => entry.name).join(', ')}`)
  return found
}

/** The algorithms with these names. The name of one of our packages stands for all algorithms in it. */
export async function loadAll(names: readonly string[], from: string | undefined): Promise<readonly Entry[]> {
  const source = from === undefined ? {} : { from }
  const found = names.map(async (name) => (from === undefined ? packages[name] : undefined) ?? [await load({ name, ...source })])
  return [...new Set((await Promise.all(found)).flat())]
}

export function scenarioIn({ name, scenario, overAdversarial, sideBySide }: Entry, layers: Layers): Scenario {
  if (layers === 'own') return scenario
  if (layers === 'side by side') return sideBySide
  if (overAdversarial === undefined) throw new Error(`${name} uses no layer that has an adversarial counterpart`)
  return overAdversarial
}
