import { of } from '../mutants/mutant'

const answer = `(q) => {
      pl.send(q, { kind: 'HEARTBEATREPLY' })`

export const mutants = [
  ...of('fd/src/perfect/exclude-on-timeout.ts', 'exclude-on-timeout', [
    { name: 'a process that answered once counts as alive forever', line: 'state.alive.clear()', wrong: '', property: 'PFD1' },
    { name: 'the timer is started once', line: '      timer.start(options.delayMs)', wrong: '', property: 'PFD1' },
    { name: 'no request is sent', line: "pl.send(p, { kind: 'HEARTBEATREQUEST' })", wrong: '', property: 'PFD2' },
    { name: 'the period is shorter than an answer takes', line: 'delayMs: 100', wrong: 'delayMs: 5', property: 'PFD2' },
    {
      name: 'nobody is alive at the start',
      line: 'alive: new Set<ProcessId>(processes)',
      wrong: 'alive: new Set<ProcessId>()',
      property: 'PFD2',
    },
    {
      name: 'answers are forgotten before they are looked at',
      line: 'upon(timer.timeout, () => {',
      wrong: 'upon(timer.timeout, () => { if (state.detected.size > 0) state.alive.clear()',
      property: 'PFD2',
    },
    {
      name: 'a process that has detected another one no longer answers',
      line: answer,
      wrong: answer.replace('pl', 'if (state.detected.size === 0) pl'),
      property: 'PFD2',
    },
    {
      name: 'a detected process gets no further requests',
      line: 'pl.send(p, {',
      wrong: 'if (!state.detected.has(p)) pl.send(p, {',
      property: 'PFD1',
      equivalent: 'a detected process has crashed, and answers no process',
    },
  ]),
  ...of('contract/src/fd/perfect-failure-detector.ts', 'all-ack', [
    {
      name: 'an instance that joins a shared detector does not learn which processes it has detected',
      line: "  lasting: { crash: 'forever' },\n",
      wrong: '',
      property: 'URB1',
      layers: 'side by side',
    },
  ]),
  ...of('fd/src/leader-election/monarchical-leader-election.ts', 'monarchical-leader-election', [
    { name: 'crashes are not heard of', line: 'state.suspected.add(p)', wrong: '', property: 'LE1' },
    {
      name: 'the highest of those that crashed leads',
      line: 'processes.findLast((p) => !state.suspected.has(p))',
      wrong: 'processes.findLast((p) => state.suspected.size === 0 || state.suspected.has(p))',
      property: 'LE1',
    },
    {
      name: 'each crash costs the leader its place',
      line: 'processes.findLast((p) => !state.suspected.has(p))',
      wrong: 'processes.findLast((p, i) => !state.suspected.has(p) && i < processes.length - state.suspected.size)',
      property: 'LE2',
    },
    {
      name: 'the lowest rank leads',
      line: 'processes.findLast(',
      wrong: 'processes.find(',
      property: 'LE2',
      equivalent: 'the module does not say which rank is the best',
    },
  ]),
  ...of('fd/src/eventually-perfect/increasing-timeout.ts', 'increasing-timeout', [
    {
      name: 'the delay is raised to a second at most',
      line: 'state.delayMs += options.delayMs',
      wrong: 'state.delayMs = Math.min(1000, state.delayMs + options.delayMs)',
      property: 'comes to rest',
    },
    { name: 'a process that answered once counts as alive forever', line: 'state.alive.clear()', wrong: '', property: 'EPFD1' },
    { name: 'nobody is restored', line: 'epfd.restore(p)', wrong: '', property: 'EPFD2' },
    { name: 'no suspicion is indicated', line: '          epfd.suspect(p)\n', wrong: '', property: 'EPFD1' },
    {
      name: 'a process that suspects another one no longer answers',
      line: answer,
      wrong: answer.replace('pl', 'if (state.suspected.size === 0) pl'),
      property: 'EPFD2',
    },
  ]),
  ...of('fd/src/eventually-perfect/increasing-timeout.ts', 'increasing-timeout-in-a-hurry', [
    { name: 'the delay is never raised', line: 'state.delayMs += options.delayMs', wrong: '{}', property: 'comes to rest' },
  ]),
  ...of('fd/src/eventually-perfect/increasing-timeout-with-hints.ts', 'increasing-timeout-with-hints', [
    {
      name: 'the delay is raised to a second at most',
      line: 'state.delayMs += options.delayMs',
      wrong: 'state.delayMs = Math.min(1000, state.delayMs + options.delayMs)',
      property: 'comes to rest',
    },
    {
      name: 'a process that was hinted at is not restored',
      line: '} else if (state.alive.has(p) && state.suspected.has(p)) {',
      wrong: '} else if (state.alive.has(p) && state.suspected.has(p) && !state.hinted.has(p)) {',
      property: 'EPFD2',
    },
    {
      name: 'an answer from before a hint takes the suspicion back',
      line: 'state.alive.delete(p) // an answer that came before does not count',
      wrong: '',
      property: 'EPFD1',
      equivalent: 'a process that has crashed is suspected again at the next time-out, forever: only the hint was in vain',
    },
  ]),
  ...of('fd/src/eventual-leader/monarchical-eventual-leader-detection.ts', 'monarchical-eventual-leader-detection', [
    { name: 'no new trust when a suspicion is taken back', line: 'state.suspected.delete(p)', wrong: '', property: 'ELD2' },
    { name: 'suspicions are not heard of', line: 'state.suspected.add(p)', wrong: '', property: 'ELD1' },
    {
      name: 'the highest of the suspected leads',
      line: 'processes.findLast((p) => !state.suspected.has(p))',
      wrong: 'processes.findLast((p) => state.suspected.has(p))',
      property: 'ELD1',
    },
  ]),
  ...of('contract/src/fd/eventual-leader-detector.ts', 'leader-based-epoch-change', [
    {
      name: 'an instance that joins a shared detector does not learn which process it trusts',
      line: "  lasting: { trust: 'latest' },\n",
      wrong: '',
      property: 'EC3',
      layers: 'side by side',
    },
  ]),
  ...of('fd/src/eventual-leader/elect-lower-epoch.ts', 'elect-lower-epoch', [
    {
      name: 'a leader is elected without regard to epochs',
      line: 'state.candidates.get(p) === lowest',
      wrong: 'state.candidates.has(p) && lowest > 0',
      property: 'ELD1',
    },
    {
      name: 'the epoch is not raised at recovery',
      line: '(storage.retrieve()?.epoch ?? 0) + 1',
      wrong: '(storage.retrieve()?.epoch ?? 1)',
      property: 'ELD1',
    },
    {
      name: 'the epoch is stored the first time only',
      line: 'storage.store({ epoch: state.epoch })',
      wrong: 'if (state.epoch === 1) storage.store({ epoch: state.epoch })',
      property: 'ELD1',
    },
    { name: 'a process that was heard of once is a candidate forever', line: 'state.candidates.clear()', wrong: '', property: 'ELD1' },
    {
      name: 'among equals whom it heard of last leads, not the highest rank',
      line: 'processes.findLast((p) =>',
      wrong: '[...state.candidates.keys()].findLast((p) =>',
      property: 'ELD2',
    },
    {
      name: 'the highest epoch leads',
      line: 'Math.min(',
      wrong: 'Math.max(',
      property: 'ELD1',
    },
    {
      name: 'the delay is raised to a second at most',
      line: 'state.delayMs += options.delayMs',
      wrong: 'state.delayMs = Math.min(1000, state.delayMs + options.delayMs)',
      property: 'comes to rest',
      isDeep: true,
      steps: 40,
    },
    {
      name: 'of a process, the epoch that was heard of last counts, not the highest',
      line: 'epoch > (state.candidates.get(q) ?? 0)',
      wrong: 'epoch >= 0',
      property: 'ELD1',
      equivalent: 'old epochs are heard of for a bounded time after a recovery, and what must hold must hold only after the last',
    },
  ]),
]
