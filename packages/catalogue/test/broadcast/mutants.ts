import { of } from '../mutants/mutant'

export const mutants = [
  ...of('broadcast/src/best-effort/basic-broadcast.ts', 'basic-broadcast', [
    {
      name: 'a broadcast skips one',
      line: 'for (const q of processes) pl.send',
      wrong: 'for (const q of processes.slice(1)) pl.send',
      property: 'BEB1',
    },
    {
      name: 'a broadcast skips its own process',
      line: `({ beb, pl, processes, upon }) => {
    upon(beb.broadcast, (m) => {
      for (const q of processes) pl.send`,
      wrong: `({ beb, pl, processes, upon, self }) => {
    upon(beb.broadcast, (m) => {
      for (const q of processes) if (q !== self) pl.send`,
      property: 'BEB1',
    },
    { name: 'a message is delivered twice', line: 'beb.deliver(p, m)', wrong: 'beb.deliver(p, m); beb.deliver(p, m)', property: 'BEB2' },
    {
      name: 'equal messages of one process are taken for one',
      line: `    upon(pl.deliver, (p, m) => {
      beb.deliver(p, m)`,
      wrong: `    const said = new Set()
    upon(pl.deliver, (p, m) => {
      if (said.size < said.add(p + JSON.stringify(m)).size) beb.deliver(p, m)`,
      property: 'BEB1',
    },
    {
      name: 'messages are delivered as from the first process',
      line: 'beb.deliver(p, m)',
      wrong: 'beb.deliver(processes[0], m)',
      property: 'BEB3',
    },
  ]),
  ...of('broadcast/src/reliable/lazy-reliable-broadcast.ts', 'lazy-reliable-broadcast', [
    {
      name: 'sequence numbers wrap at 32',
      line: 'state.broadcasts += 1',
      wrong: 'state.broadcasts = (state.broadcasts + 1) % 32',
      property: 'RB1',
      steps: 50, // it takes this many broadcasts
    },
    {
      name: 'what was delivered is not relayed when its sender is detected',
      line: 'for (const data of state.from.get(p) ?? []) beb.broadcast(data)',
      wrong: '',
      property: 'RB4',
    },
    {
      name: 'what is kept to be relayed is filed under the process that relayed it, not under its sender',
      isDeep: true,
      line: 'state.from.get(s)?.push(data)',
      wrong: 'state.from.get(_p)?.push(data)',
      property: 'RB4',
      layers: 'adversarial',
    },
    {
      name: 'what comes after the detection of its sender is not relayed',
      line: 'else beb.broadcast(data)',
      wrong: '',
      layers: 'adversarial',
      property: 'RB4',
    },
    {
      name: 'what is delivered is not kept for relaying',
      line: 'state.from.get(s)?.push(data)',
      wrong: '{}',
      property: 'RB4',
    },
    {
      name: 'a process that was detected still counts as correct',
      line: 'state.correct.delete(p)',
      wrong: '',
      layers: 'adversarial',
      property: 'RB4',
    },
    {
      name: 'whether to relay depends on the process that relayed, not on the sender',
      line: `(_p, data) => {
      const { s, sn, m } = data
      if (!add(state.delivered, s, sn)) return
      rb.deliver(s, m)
      if (state.correct.has(s))`,
      wrong: `(_p, data) => {
      const { s, sn, m } = data
      if (!add(state.delivered, s, sn)) return
      rb.deliver(s, m)
      if (state.correct.has(_p))`,
      layers: 'adversarial',
      property: 'RB4',
    },
    {
      name: 'the process that relays is taken for the sender',
      line: 'rb.deliver(s, m)',
      wrong: 'rb.deliver(_p, m)',
      property: 'RB3',
    },
    {
      name: 'duplicates are recognised by their content',
      line: 'if (!add(state.delivered, s, sn)) return',
      wrong: 'if (!add(state.delivered, s + JSON.stringify(m), 1)) return',
      property: 'RB1',
    },
    {
      name: 'equal numbers of different senders are confused',
      line: 'if (!add(state.delivered, s, sn)) return',
      wrong: "if (!add(state.delivered, '', sn)) return",
      property: 'RB1',
    },
    {
      name: 'what was delivered of a process is forgotten with its messages',
      line: 'state.from.delete(p)',
      wrong: 'state.from.delete(p); state.delivered.delete(p)',
      property: 'RB2',
    },
    { name: 'numbers are not raised', line: 'state.broadcasts += 1', wrong: 'state.broadcasts = 1', property: 'RB1' },
    {
      name: 'messages are relayed before they are delivered',
      line: `      rb.deliver(s, m)
      if (state.correct.has(s)) state.from.get(s)?.push(data)
      else beb.broadcast(data)`,
      wrong: `      if (state.correct.has(s)) state.from.get(s)?.push(data)
      else beb.broadcast(data)
      rb.deliver(s, m)`,
      property: 'RB4',
      equivalent: 'agreement is of the correct processes, and these come to do both',
    },
  ]),
  ...of('broadcast/src/reliable/eager-reliable-broadcast.ts', 'eager-reliable-broadcast', [
    {
      name: 'sequence numbers wrap at 32',
      line: 'state.broadcasts += 1',
      wrong: 'state.broadcasts = (state.broadcasts + 1) % 32',
      property: 'RB1',
      steps: 50, // it takes this many broadcasts
    },
    {
      name: 'only own messages are relayed',
      line: '      beb.broadcast(data)',
      wrong: '      if (s === self) beb.broadcast(data)',
      property: 'RB4',
    },
    { name: 'nothing is relayed', line: '      beb.broadcast(data)', wrong: '', property: 'RB4' },
    {
      name: 'copies are delivered too',
      line: 'if (!add(state.delivered, s, sn)) return',
      wrong: 'if (!add(state.delivered, s, sn)) return _p === s ? undefined : rb.deliver(s, m)',
      property: 'RB2',
    },
    {
      name: 'duplicates are recognised by their content',
      line: 'if (!add(state.delivered, s, sn)) return',
      wrong: 'if (!add(state.delivered, s + JSON.stringify(m), 1)) return',
      property: 'RB1',
    },
    { name: 'the process that relays is taken for the sender', line: 'rb.deliver(s, m)', wrong: 'rb.deliver(_p, m)', property: 'RB3' },
    {
      name: 'own messages are not relayed',
      line: '      beb.broadcast(data)',
      wrong: '      if (s !== self) beb.broadcast(data)',
      property: 'RB4',
      equivalent: 'their broadcast was sent to all already',
    },
  ]),
  ...of('broadcast/src/uniform-reliable/all-ack.ts', 'all-ack', [
    {
      name: 'sequence numbers wrap at 32',
      line: 'state.broadcasts += 1',
      wrong: 'state.broadcasts = (state.broadcasts + 1) % 32',
      property: 'URB1',
      steps: 50, // it takes this many broadcasts
    },
    {
      name: 'the first copy is delivered',
      line: 'if (ack.size < state.correct.size) return false',
      wrong: 'return true',
      property: 'URB4',
    },
    {
      name: 'acknowledgements of processes that crashed make up for missing ones',
      line: 'for (const p of state.correct) if (!ack.has(p)) return false',
      wrong: '',
      layers: 'adversarial',
      property: 'URB4',
    },
    { name: 'the sender is taken for the process that relayed', line: 'message.ack.add(p)', wrong: 'message.ack.add(s)', property: 'URB1' },
    {
      name: 'nothing is relayed',
      line: 'if (add(state.relayed, s, sn)) relay(data)',
      wrong: 'add(state.relayed, s, sn)',
      property: 'URB1',
    },
    { name: 'it waits for processes that crashed', line: 'state.correct.delete(p)', wrong: '', property: 'URB1' },
    {
      name: 'nothing is delivered when a process is detected',
      line: 'for (const [sn, message] of state.pending.get(s) ?? []) if (canDeliver(message)) deliver(s, sn, message)',
      wrong: '{}',
      property: 'URB1',
    },
    {
      name: 'a late copy of what was delivered counts as new',
      line: 'if (add(state.relayed, s, sn)) relay(data)',
      wrong: 'if (add(state.relayed, s, sn) || (p !== self && !state.pending.get(s)?.has(sn))) relay(data)',
      layers: 'adversarial',
      property: 'URB2',
    },
    {
      name: 'what was delivered stays pending',
      line: '      state.pending.get(s)?.delete(sn)\n',
      wrong: '',
      property: 'URB2',
    },
    {
      name: 'equal numbers of different senders are confused',
      line: 'if (add(state.relayed, s, sn)) relay(data)',
      wrong: "if (add(state.relayed, '', sn)) relay(data)",
      property: 'URB1',
    },
  ]),
  ...of('broadcast/src/uniform-reliable/majority-ack.ts', 'majority-ack', [
    {
      name: 'three are a majority of any number',
      line: 'ack.size > processes.length / 2',
      wrong: 'ack.size >= Math.min(3, processes.length)',
      property: 'URB4',
      seed: 313,
    },
    {
      name: 'sequence numbers wrap at 32',
      line: 'state.broadcasts += 1',
      wrong: 'state.broadcasts = (state.broadcasts + 1) % 32',
      property: 'URB1',
      steps: 50, // it takes this many broadcasts
    },
    {
      name: 'half of an even number is a majority',
      line: 'ack.size > processes.length / 2',
      wrong: 'ack.size >= processes.length / 2',
      property: 'URB4',
      processes: 4,
      equivalent: 'half of an even number is still more than may crash, so that one of them is correct',
    },
    { name: 'the first copy is delivered', line: 'ack.size > processes.length / 2', wrong: 'ack.size > 0', property: 'URB4' },
    {
      name: 'f processes are taken for a majority',
      line: 'ack.size > processes.length / 2',
      wrong: 'ack.size >= Math.floor(processes.length / 2)',
      layers: 'adversarial',
      property: 'URB4',
    },
    { name: 'it waits for all', line: 'ack.size > processes.length / 2', wrong: 'ack.size === processes.length', property: 'URB1' },
    { name: 'the sender is taken for the process that relayed', line: 'message.ack.add(p)', wrong: 'message.ack.add(s)', property: 'URB1' },
    {
      name: 'nothing is relayed',
      line: 'if (add(state.relayed, s, sn)) relay(data)',
      wrong: 'add(state.relayed, s, sn)',
      property: 'URB1',
    },
    {
      name: 'a late copy of what was delivered counts as new',
      line: 'if (add(state.relayed, s, sn)) relay(data)',
      wrong: 'if (!state.pending.get(s)?.has(sn)) relay(data)',
      property: 'URB2',
    },
    {
      name: 'what was delivered stays pending',
      line: '      state.pending.get(s)?.delete(sn)\n',
      wrong: '',
      property: 'URB2',
    },
    {
      name: 'acknowledgements are counted by message, not by process',
      line: 'message.ack.add(p)',
      wrong: 'message.ack.add(String(message.ack.size))',
      property: 'URB4',
      equivalent: 'each process relays a message once, and the links below deliver it once',
    },
    {
      name: 'messages are delivered before they are relayed',
      line: `      if (add(state.relayed, s, sn)) relay(data)
      const message = state.pending.get(s)?.get(sn)
      if (message === undefined) return // delivered before
      message.ack.add(p)
      if (canDeliver(message)) deliver(s, sn, message)`,
      wrong: `      const isNew = add(state.relayed, s, sn)
      if (isNew) state.pending.get(s)?.set(sn, { m: data.m, ack: new Set() })
      const message = state.pending.get(s)?.get(sn)
      if (message !== undefined) message.ack.add(p)
      if (message !== undefined && canDeliver(message)) deliver(s, sn, message)
      if (isNew) beb.broadcast(data)`,
      property: 'URB4',
      equivalent: 'one acknowledgement is no majority of two or more, so that the first copy, which is relayed, is never delivered at once',
    },
    {
      name: 'own messages are relayed when they come back',
      line: '      add(state.relayed, self, state.broadcasts)\n',
      wrong: '',
      property: 'URB1',
      equivalent: 'a second copy to each costs messages and nothing else, as the cost test shows',
    },
  ]),
  ...of('broadcast/src/reliable/optimized-lazy-reliable-broadcast.ts', 'optimized-lazy-reliable-broadcast', [
    {
      name: 'the own message is not noted as delivered',
      line: '      add(state.delivered, self, state.broadcasts)\n',
      wrong: '',
      property: 'RB2',
    },
    {
      name: 'the own message is delivered only when it comes back',
      line: '      add(state.delivered, self, state.broadcasts)\n      rb.deliver(self, m)\n',
      wrong: '',
      property: 'RB1',
      equivalent: 'this is lazy reliable broadcast, which costs its sender a step',
    },
    { name: 'the own message is never delivered', line: '      rb.deliver(self, m)\n', wrong: '', property: 'RB1' },
    {
      name: 'the own message is noted as that of another process',
      line: 'add(state.delivered, self, state.broadcasts)',
      wrong: "add(state.delivered, '', state.broadcasts)",
      property: 'RB2',
    },
    {
      name: 'what was delivered is not relayed when its sender is detected',
      line: 'for (const data of state.from.get(p) ?? []) beb.broadcast(data)',
      wrong: '',
      property: 'RB4',
    },
    {
      name: 'what comes after the detection of its sender is not relayed',
      line: 'else beb.broadcast(data)',
      wrong: '',
      layers: 'adversarial',
      property: 'RB4',
    },
    { name: 'the process that relays is taken for the sender', line: 'rb.deliver(s, m)', wrong: 'rb.deliver(_p, m)', property: 'RB3' },
    {
      name: 'messages are sent before they are delivered',
      line: '      rb.deliver(self, m)\n      beb.broadcast({',
      wrong: '      beb.broadcast({',
      property: 'RB1',
    },
  ]),
]
