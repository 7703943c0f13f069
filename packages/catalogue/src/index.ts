import { agreement } from './agreement'
import { broadcast } from './broadcast'
import { consensus } from './consensus'
import type { Entry } from './entry'
import { fd } from './fd'
import { links } from './links'
import { register } from './register'

export { type Cost, type Entry, type EntryOptions, entry, type System } from './entry'

/** The algorithms of each package. */
export const packages: Readonly<Record<string, readonly Entry[]>> = { links, fd, broadcast, register, consensus, agreement }

/** Every algorithm of the project, by layer in the book's order. */
export const catalogue: readonly Entry[] = Object.values(packages).flat()

/** The entry with a name: that of an algorithm, or the instance name of a module, which stands for the first algorithm that implements it. */
export const find = (name: string, entries: readonly Entry[] = catalogue): Entry | undefined =>
  entries.find((entry) => entry.name === name) ?? entries.find(({ suite }) => suite.module.instance === name)
