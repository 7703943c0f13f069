import { of } from '../mutants/mutant'

const narrow = 'leader-driven-sequence-in-a-narrow-window'

export const mutantsOfSequence = [
  ...of('consensus/src/sequence/leader-driven-sequence.ts', 'leader-driven-sequence', [
    {
      name: 'what an earlier epoch left undecided is not handed to the next leader',
      line: 'unsent: [...state.mine.values()]',
      wrong: 'unsent: []',
      property: 'SEQ1',
    },
    {
      name: 'what was sent to oneself in an earlier epoch counts in this one',
      line: `      if (ts !== state.ets) return
      countAccepts`,
      wrong: '      countAccepts',
      property: 'SEQ5',
      equivalent: 'it counts for what was decided or is written again',
    },
    {
      name: 'a batch is decided in the order in which it came here, by its own process first',
      line: 'for (const command of batch) {',
      wrong: 'for (const command of [...batch].sort((a, b) => Number(b.s === self) - Number(a.s === self))) {',
      property: 'SEQ5',
    },
    {
      name: 'what stands at two places is decided twice',
      line: 'if (!take(log.decided, command)) continue',
      wrong: 'take(log.decided, command)',
      property: 'SEQ3',
    },
    { name: 'all commands of a process have one number', line: 'state.proposals += 1', wrong: 'state.proposals = 1', property: 'SEQ1' },
    {
      name: 'a new leader writes without having read',
      line: 'if (hasRead(leader)) startWriting',
      wrong: "if (leader.phase === 'reading') startWriting",
      property: 'SEQ5',
    },
    {
      name: 'a process accepts and says nothing',
      line: 'state.accepted.push(place)',
      wrong: '',
      property: 'SEQ1',
    },
  ]),
  ...of('consensus/src/sequence/log.ts', 'leader-driven-sequence', [
    {
      name: 'a gap is left open',
      line: 'for (let place = decided.place + 1; place <= last; place++) entries',
      wrong: 'for (let place = decided.place + 1; place <= last; place++) if (entries.has(place)) entries',
      property: 'no handler throws',
    },
    {
      name: 'of two batches of a place, that of the lower epoch is taken',
      line: 'valts > (entries.get(place)?.valts ?? -1)',
      wrong: 'valts < (entries.get(place)?.valts ?? Number.POSITIVE_INFINITY)',
      property: 'SEQ5',
      seed: 252,
    },
    {
      name: 'what an earlier leader wrote is decided, though another may have been',
      line: 'entry?.valts === ets ? entry : undefined',
      wrong: 'entry',
      property: 'SEQ5',
      seed: 252,
    },
    {
      name: 'a process shows only what is decided',
      line: 'if (place > from) shown',
      wrong: 'if (place > from && place <= 0) shown',
      property: 'SEQ5',
      seed: 252,
    },
  ]),
  ...of('consensus/src/sequence/leader.ts', 'leader-driven-sequence', [
    {
      name: 'f accept for a majority',
      line: 'size > leader.peers.size / 2',
      wrong: 'size >= Math.floor(leader.peers.size / 2)',
      property: 'SEQ5',
      processes: 5,
    },
    {
      name: 'a place is committed as soon as one has accepted it',
      line: 'while (isMajority(leader, leader.accepts.get(log.commit + 1)?.size ?? 0))',
      wrong: 'while (leader.accepts.has(log.commit + 1))',
      property: 'SEQ5',
    },
    {
      name: 'a promise counts before all is shown that goes with it',
      line: 'shown === expected).length',
      wrong: 'shown <= (expected ?? -1)).length',
      property: 'SEQ5',
      seed: 800,
    },
    {
      name: 'a process that was behind is not brought up',
      line: 'next: decided + 1, announced',
      wrong: 'next: log.decided.place + 1, announced',
      property: 'SEQ6',
    },
    {
      name: 'nobody learns that a place is decided, except with the next one',
      line: "if (peer.announced < commit) yield { kind: 'DECIDED', commit, all }",
      wrong: '',
      property: 'SEQ6',
    },
  ]),
  ...of('consensus/src/sequence/leader.ts', narrow, [
    { name: 'what was accepted stays on the way', line: 'peer.inFlight -= places.length', wrong: '', property: 'SEQ1' },
    {
      name: 'a leader sends itself what it has decided and forgotten',
      isDeep: true,
      line: 'peer.next = Math.max(peer.next, decided + 1)',
      wrong: '',
      property: 'no handler throws',
      layers: 'adversarial',
    },
  ]),
  ...of('consensus/src/sequence/progress.ts', 'leader-driven-sequence', [
    {
      name: 'a number is taken for all below it',
      line: 'while (numbers.beyond.delete(numbers.upTo + 1)) numbers.upTo += 1',
      wrong: 'numbers.upTo = Math.max(numbers.upTo, sn)',
      property: 'SEQ1',
    },
  ]),
]
