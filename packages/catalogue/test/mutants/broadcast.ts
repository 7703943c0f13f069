import { of } from './mutant'

export const mutants = [
  ...of('broadcast/src/best-effort/basic-broadcast.ts', 'basic-broadcast', [
    {
      name: 'a broadcast skips one',
      line: 'for (const q of processes) pl.send',
      wrong: 'for (const q of processes.slice(1)) pl.send',
      property: 'BEB1',
    },
  ]),
]
