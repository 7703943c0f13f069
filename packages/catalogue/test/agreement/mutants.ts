import { of } from '../mutants/mutant'

export const mutants = [
  ...of('agreement/src/total-order/consensus-based-total-order.ts', 'consensus-based-total-order', [
    {
      name: 'a batch is delivered in the order in which its proposer received it, by its own process first',
      line: '[...decided].sort(inOrder)',
      wrong: '[...decided].sort((a, b) => Number(b.s === self) - Number(a.s === self))',
      property: 'TOB5',
    },
    {
      name: 'a process delivers what it has received itself when a round is decided',
      line: '[...decided].sort(inOrder)',
      wrong: '[...state.unordered.values()].sort(inOrder)',
      property: 'TOB5',
    },
    {
      name: 'what is decided again is delivered again',
      line: 'if (state.delivered.has(idOf(message))) continue',
      wrong: '',
      property: 'TOB2',
      layers: 'adversarial',
    },
    {
      name: 'messages are identified by their number alone',
      line: '{ s, sn }: Message) =>',
      wrong: '{ s: _s, sn: s, sn }: Message) =>',
      property: 'TOB1',
    },
    { name: 'all messages have one number', line: 'state.broadcasts += 1', wrong: 'state.broadcasts = 1', property: 'TOB1' },
    {
      name: 'what comes late is ordered once more',
      line: 'if (!state.delivered.has(idOf(message))) state',
      wrong: 'state',
      property: 'comes to rest',
      layers: 'adversarial',
      isDeep: true,
    },
    {
      name: 'messages are delivered as from the process that orders them',
      line: 'tob.deliver(message.s,',
      wrong: 'tob.deliver(self,',
      property: 'TOB3',
    },
    { name: 'there is one round', line: 'state.round += 1', wrong: 'if (state.round < 1) state.round += 1', property: 'TOB1' },
    {
      name: 'nothing is relayed: each proposes its own messages alone',
      line: 'upon(rb.deliver, (_p, message) => {\n      if (',
      wrong: 'upon(rb.deliver, (_p, message) => {\n      if (message.s === self && ',
      property: 'TOB1',
    },
  ]),
  ...of('agreement/src/total-order/consensus-based-total-order.ts', 'consensus-based-uniform-total-order', [
    {
      name: 'a process delivers what it has received itself when a round is decided',
      line: '[...decided].sort(inOrder)',
      wrong: '[...state.unordered.values()].sort(inOrder)',
      property: 'UTOB5',
    },
    {
      name: 'a batch is delivered by its own process first',
      line: '[...decided].sort(inOrder)',
      wrong: '[...decided].sort((a, b) => Number(b.s === self) - Number(a.s === self))',
      property: 'UTOB5',
    },
    { name: 'there is one round', line: 'state.round += 1', wrong: 'if (state.round < 1) state.round += 1', property: 'UTOB1' },
  ]),
  ...of('agreement/src/total-order/sequence-based-total-order.ts', 'sequence-based-total-order', [
    {
      name: 'messages are delivered as from the process that delivers them',
      line: 'tob.deliver(s, m)',
      wrong: 'tob.deliver(self, m)',
      property: 'UTOB3',
    },
    {
      name: 'a process delivers its own message at once, and the others in their order',
      line: 'seq.propose({ s: self, m }))',
      wrong: 'void (tob.deliver(self, m), seq.propose({ s: self, m })))',
      property: 'UTOB2',
    },
  ]),
  ...of('agreement/src/terminating/consensus-based-terminating-broadcast.ts', 'consensus-based-terminating-broadcast', [
    { name: 'nothing is proposed on a crash', line: 'if (p === s) propose(FAILED)', wrong: '', property: 'UTRB2' },
    {
      name: 'any crash is taken for that of the sender',
      line: 'if (p === s) propose(FAILED)',
      wrong: 'propose(FAILED)',
      property: 'UTRB1',
    },
    {
      name: 'what has come is delivered without an agreement',
      line: 'if (p === s) propose({ m })',
      wrong: 'if (p === s) utrb.deliver(s, { m })',
      property: 'UTRB2',
    },
    { name: 'a message is proposed as what it is about', line: 'propose({ m })', wrong: 'propose(FAILED)', property: 'UTRB1' },
    {
      name: 'the decision is delivered as from oneself',
      line: 'utrb.deliver(s, proposal)',
      wrong: "utrb.deliver('nobody', proposal)",
      property: 'UTRB3',
    },
  ]),
  ...of('agreement/src/commit/consensus-based-atomic-commit.ts', 'consensus-based-atomic-commit', [
    {
      name: 'COMMIT is proposed on the votes of those that are not detected',
      isDeep: true,
      line: `    upon(pfd.crash, () => {
      propose('ABORT')
    })`,
      wrong: `    upon(pfd.crash, (p) => {
      state.voted.add(p)
      if (processes.every((q) => state.voted.has(q))) propose('COMMIT')
    })`,
      property: 'NBAC3',
    },
    { name: 'a crash is not noticed', line: "      propose('ABORT')\n", wrong: '', property: 'NBAC1' },
    {
      name: 'a vote for ABORT counts as any vote',
      line: "if (v === 'ABORT') propose('ABORT')\n      else state",
      wrong: 'state',
      property: 'NBAC3',
    },
    {
      name: 'a majority of votes for COMMIT is enough',
      line: "if (processes.every((q) => state.voted.has(q))) propose('COMMIT')",
      wrong: "if (state.voted.size > processes.length / 2) propose('COMMIT')",
      property: 'NBAC3',
    },
    { name: 'one vote is enough', line: 'processes.every((q) => state', wrong: 'processes.some((q) => state', property: 'NBAC3' },
    { name: 'ABORT is proposed whatever the votes are', line: "propose('COMMIT')", wrong: "propose('ABORT')", property: 'NBAC2' },
  ]),
]
