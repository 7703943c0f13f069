import playgrounds from 'virtual:playgrounds'
import { find } from '@upon/catalogue'
import { caughtIn, explored } from '../../../../src/playground/hunt'

/** What the page asks its worker. */
export interface Question {
  readonly kind: 'find' | 'explore'
  readonly entry: string
  readonly mutant?: string
  readonly layers: 'own' | 'adversarial'
  readonly processes?: number
  readonly firstSeed: number
  readonly seeds: number
}

self.onmessage = async ({ data }: MessageEvent<Question>) => {
  try {
    const entry = find(data.entry)
    const about = playgrounds.find(({ name }) => name === data.entry)
    if (entry === undefined || about === undefined) throw new Error(`there is no algorithm ${data.entry}`)
    const algorithm = data.mutant === undefined ? entry.algorithm : (await about.mutants()).default[data.mutant]
    if (algorithm === undefined) throw new Error(`there is no wrong line ${data.mutant}`)
    const onProgress = (done: number) => self.postMessage({ is: 'progress', done })
    if (data.kind === 'explore') self.postMessage({ is: 'explored', ...explored(entry, algorithm, onProgress) })
    else self.postMessage({ is: 'found', caught: caughtIn({ ...data, entry, algorithm }, onProgress) })
  } catch (error) {
    self.postMessage({ is: 'failed', why: (error as Error).message })
  }
}
