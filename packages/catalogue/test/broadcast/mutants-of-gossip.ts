import { of } from '../mutants/mutant'

export const mutantsOfGossip = [
  ...of('broadcast/src/probabilistic/eager-probabilistic-broadcast.ts', 'eager-probabilistic-broadcast', [
    {
      name: 'what was delivered is not remembered',
      line: 'if (add(state.delivered, s, sn)) pb.deliver(s, m)',
      wrong: 'pb.deliver(s, m)',
      property: 'PB2',
    },
    {
      name: 'a process does not remember its own messages',
      line: '      add(state.delivered, self, sn)\n',
      wrong: '',
      property: 'PB2',
    },
    {
      name: 'the process that passed a message on is taken for its sender',
      line: 'upon(fll.deliver, (_p, { s, sn, m, r }) => {',
      wrong: 'upon(fll.deliver, (s, { sn, m, r }) => {',
      property: 'PB3',
    },
    { name: 'numbers are not raised', line: 'state.broadcasts += 1', wrong: 'state.broadcasts = 1', property: 'PB1', steps: 60 },
    {
      name: 'numbers wrap at 4',
      line: 'state.broadcasts += 1',
      wrong: 'state.broadcasts = (state.broadcasts % 4) + 1',
      property: 'PB1',
      steps: 60,
    },
    { name: 'rounds are not counted', line: 'r: r - 1 })', wrong: 'r })', property: 'comes to rest' },
    { name: 'a process does not deliver its own messages', line: '      pb.deliver(self, m)\n', wrong: '', property: 'PB1', steps: 60 },
    {
      name: 'only one other gets it',
      line: 'for (const t of pickTargets(processes, self, options.fanout, random.below)) fll.send(t, message)',
      wrong: 'for (const t of pickTargets(processes, self, 1, random.below)) fll.send(t, message)',
      property: 'PB1',
      steps: 60,
    },
  ]),
  ...of('broadcast/src/probabilistic/lazy-probabilistic-broadcast.ts', 'lazy-probabilistic-broadcast', [
    {
      name: 'a gap is never given up',
      line: '      waitFor(s, sn)\n',
      wrong: '',
      property: 'PB1',
      steps: 60,
      isDeep: true,
    },
    {
      name: 'what comes late is delivered again',
      line: '      if (sn < from.next) return\n      from.pending.set(sn, m)\n      deliverInTurn(s, from)\n    })',
      wrong: '      if (sn < from.next) pb.deliver(s, m)\n      from.pending.set(sn, m)\n      deliverInTurn(s, from)\n    })',
      property: 'PB2',
    },
    {
      name: 'an answer names the process that answers as its sender',
      line: "upon(fll.deliver, 'DATA', (_p, { s, sn, m }) => {",
      wrong: "upon(fll.deliver, 'DATA', (s, { sn, m }) => {",
      property: 'PB3',
    },
    {
      name: 'another message is sent in place of the missing one',
      line: 'const m = state.stored.get(idOf(s, sn))',
      wrong: 'const m = [...state.stored.values()][0]',
      property: 'PB3',
    },
    {
      name: 'what comes after a gap is delivered twice',
      line: '        from.pending.delete(from.next)\n        from.next += 1\n',
      wrong:
        '        if (from.pending.size > 1) from.pending.delete(from.next)\n        from.next += 1\n        if (from.pending.size === 1) pb.deliver(s, m)\n',
      property: 'PB2',
    },
    { name: 'requests are passed on forever', line: 'r: r - 1 })', wrong: 'r })', property: 'comes to rest' },
  ]),
]
