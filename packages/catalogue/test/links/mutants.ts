import { of } from '../mutants/mutant'

export const mutants = [
  ...of('links/src/stubborn/retransmit-forever.ts', 'retransmit-forever', [
    {
      name: 'a message is sent again a few times, and then no more',
      line: 'state.sent.push(...state.sent.splice(0, 1))',
      wrong: 'state.sent.splice(0, 1)',
      property: 'SL1',
    },
    { name: 'nothing is remembered', line: 'state.sent.push({ q, m })', wrong: '', property: 'SL1' },
    {
      name: 'the timer is started once',
      line: 'splice(0, 1))\n      timer.start(options.delayMs)',
      wrong: 'splice(0, 1))',
      property: 'SL1',
    },
    { name: 'the wrong sender is reported', line: 'sl.deliver(p, m)', wrong: "sl.deliver('p1', m)", property: 'SL2' },
  ]),
  ...of('links/src/at-least-once/retransmit-until-acknowledged.ts', 'retransmit-until-acknowledged', [
    {
      name: 'any acknowledgement ends the retransmission of the oldest',
      line: 'out.messages.delete(n)\n      out.underWay.delete(n)\n',
      wrong: 'const [oldest = n] = out.underWay.keys()\n      out.messages.delete(oldest)\n      out.underWay.delete(oldest)\n',
      property: 'ALO1',
    },
    {
      name: 'a message is sent again a few times, and then no more',
      line: '< out.patience) continue',
      wrong: '< out.patience || out.patience > 2) continue',
      property: 'ALO1',
      seed: 119,
    },
    { name: 'nothing is sent again', line: '        retransmit(q, out.t + 1', wrong: '        retransmit(q, 0', property: 'ALO1' },
    {
      name: 'the timer is not started when there is something to wait for',
      line: 'if (!state.ticking) timer.start(options.delayMs)',
      wrong: '',
      property: 'ALO1',
    },
    {
      name: 'the window does not move on',
      line: 'window)\n      fillWindow(q)',
      wrong: 'window)',
      property: 'ALO1',
      seed: 151,
    },
    {
      name: 'an acknowledgement ends the retransmission of all that is under way',
      line: 'out.underWay.delete(n)\n      out.patience',
      wrong: 'out.underWay.clear()\n      out.patience',
      property: 'ALO1',
    },
    { name: 'the wrong sender is reported', line: 'alo.deliver(p, m)', wrong: "alo.deliver('p1', m)", property: 'ALO2' },
    {
      name: 'patience is never regained',
      line: 'out.patience = 1\n',
      wrong: '\n',
      property: 'ALO1',
      equivalent: 'only time is lost: the oldest is sent again forever, and then the next one is the oldest',
    },
  ]),
  ...of('links/src/perfect/eliminate-duplicates.ts', 'eliminate-duplicates', [
    {
      name: 'duplicates are known by what they say',
      line: 'as Delivered, n)) pl',
      wrong: 'as Delivered, (m as never) + 1)) pl',
      property: 'PL1',
    },
    {
      name: 'what has come is shared by all senders',
      line: 'state.delivered.get(p) as Delivered',
      wrong: "state.delivered.get('p1') as Delivered",
      property: 'PL1',
    },
    { name: 'everything is new', line: 'n > gap.to) return false', wrong: 'n > gap.to) return true', property: 'PL2' },
    {
      name: 'what was overtaken passes for a duplicate',
      line: 'if (n > highest + 1) gaps.push({ from: highest + 1, to: n - 1 })',
      wrong: '',
      property: 'PL1',
    },
    { name: 'a gap is not narrowed', line: 'gaps.splice(i, 1,', wrong: 'gaps.splice(i, 0,', property: 'PL2' },
    { name: 'the rest of a gap is forgotten', line: '...[left, right]', wrong: '...[left]', property: 'PL1' },
    { name: 'the wrong sender is reported', line: 'pl.deliver(p, m)', wrong: "pl.deliver('p1', m)", property: 'PL3' },
    {
      name: 'numbers begin again with each message',
      line: 'state.lastSent.set(q, n)',
      wrong: '',
      property: 'PL1',
    },
    {
      name: 'all receivers share one row of numbers',
      line: 'const n = (state.lastSent.get(q) as number) + 1',
      wrong: 'const n = Math.max(...state.lastSent.values()) + 1',
      property: 'PL1',
      equivalent: 'only memory grows: of gaps that are never filled',
    },
  ]),
  ...of('links/src/fifo/sequence-number.ts', 'sequence-number', [
    {
      name: 'numbers wrap at 32',
      line: '(state.lsn.get(q) as number) + 1',
      wrong: '((state.lsn.get(q) as number) + 1) % 32',
      property: 'FPL1',
      seed: 207,
      steps: 50, // so many messages it takes
    },
    {
      name: 'messages are numbered for all processes together',
      line: 'state.lsn.set(q, sn)',
      wrong: 'for (const p of state.lsn.keys()) state.lsn.set(p, sn)',
      property: 'FPL1',
    },
    {
      name: 'messages are delivered as they come',
      line: 'incoming.pending.set(sn, m)',
      wrong: 'incoming.next = sn; incoming.pending.set(sn, m)',
      property: 'FPL4',
    },
    {
      name: 'a gap is skipped when a second message waits behind it',
      line: 'incoming.pending.set(sn, m)',
      wrong: 'incoming.pending.set(sn, m); if (incoming.pending.size > 1) incoming.next = Math.min(...incoming.pending.keys())',
      property: 'FPL4',
    },
    {
      name: 'what comes before its turn is dropped',
      line: 'incoming.pending.set(sn, m)',
      wrong: 'if (sn === incoming.next) incoming.pending.set(sn, m)',
      property: 'FPL1',
    },
    {
      name: 'one message is delivered for each that comes',
      line: 'while (incoming.pending.has(incoming.next))',
      wrong: 'if (incoming.pending.has(incoming.next))',
      property: 'FPL1',
    },
    { name: 'the wrong sender is reported', line: 'fpl.deliver(p, turn)', wrong: "fpl.deliver('p1', turn)", property: 'FPL3' },
    {
      name: 'what comes last is delivered in place of what is next',
      line: 'fpl.deliver(p, turn)',
      wrong: 'fpl.deliver(p, m)',
      property: 'FPL2',
    },
    {
      name: 'what was delivered stays pending',
      line: '        incoming.pending.delete(incoming.next)\n',
      wrong: '',
      property: 'FPL2',
      equivalent: 'its turn never comes again: only memory is lost',
    },
  ]),
]
