import { broadcast } from './broadcast'
import { consensus } from './consensus'
import type { Entry } from './entry'
import { fd } from './fd'
import { overIdeal } from './over-ideal'
import { register } from './register'

export { type Cost, type Entry, type EntryOptions, entry } from './entry'

const algorithms: readonly Entry[] = [...fd, ...broadcast, ...register, ...consensus]

/** Every algorithm of the project, by layer in the book's order; and then, where there are any, over ideal layers. */
export const catalogue: readonly Entry[] = [...algorithms, ...overIdeal(algorithms)]

/** The entry of a name: an algorithm's, or the instance name of a module for the first algorithm that implements it. */
export const find = (name: string, entries: readonly Entry[] = catalogue): Entry | undefined =>
  entries.find((entry) => entry.name === name) ?? entries.find(({ suite }) => suite.module.instance === name)
