import type { Trace } from '../trace'
import { vectorClocks } from './clocks'
import { type PictureOptions, wordsOf } from './words'

/** How ShiViz reads the rest of the log. Its second line, empty here, would tell executions apart. */
const PARSER = '(?<host>\\S+) (?<clock>\\{.*\\})\\n(?<event>.*)'

/** A log for ShiViz, which can be opened as it is: the parser's two lines, then two lines for each entry of a process, with valid vector clocks. */
export function shivizLog(trace: Trace, options: Pick<PictureOptions, 'show'> = {}): string {
  const lines = [PARSER, '']
  for (const { entry, clock } of vectorClocks(trace, options.show ?? (() => true))) {
    const known = Object.fromEntries([...clock].map(([p, count]) => [hostOf(p), count]))
    lines.push(`${hostOf(entry.process)} ${JSON.stringify(known)}`, wordsOf(entry).replaceAll(/[\r\n]/g, ' '))
  }
  return `${lines.join('\n')}\n`
}

const hostOf = (process: string): string => process.replaceAll(/\s/g, '_')
