// node packages/runtime/bench/events.mjs [--json]: what an event costs, in time and memory, beside a direct call and EventEmitter
// in the same run. Trust the ratios, not the nanoseconds: the machine does other things, too.
import { EventEmitter } from 'node:events'
import { cpuUsage, memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { abstraction, algorithm, PerfectPointToPointLinks } from '@upon/contract'
import { Process } from '@upon/runtime'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')

const ROUNDS = 15
const EVENTS = 400_000
/** Few enough that what they leave fits into the young generation without a collection. */
const EVENTS_WEIGHED = 20_000

const Step = abstraction({
  name: 'Step',
  instance: 'step',
  requests: { ask: ['p', 'm'] },
  indications: { answer: ['p', 'm'] },
  properties: {},
})
const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' }

const Echo = algorithm({ name: 'echo', implements: { step: Step }, uses: {}, assumes }, ({ step, upon }) => {
  upon(step.ask, (p, m) => step.answer(p, m))
})
const over = (below) =>
  algorithm({ name: 'relay', implements: { step: Step }, uses: { below }, assumes }, ({ step, below, upon }) => {
    upon(step.ask, (p, m) => below.ask(p, m))
    upon(below.answer, (p, m) => step.answer(p, m))
  })
const Kinds = algorithm(
  { name: 'kinds', implements: { step: Step }, uses: { pl: PerfectPointToPointLinks }, assumes },
  ({ step, pl, upon }) => {
    upon(step.ask, (p, m) => pl.send(p, m))
    upon(pl.deliver, 'READ', () => {})
    upon(pl.deliver, 'WRITE', (p, m) => step.answer(p, m))
    upon(pl.deliver, 'ACK', () => {})
  },
)
const links = { sort: 'transport', guarantees: PerfectPointToPointLinks, send: () => {}, attach: () => {} }

/** Runs the layer: each answer triggers the next request. It reads the counters once per run, because reading them makes an object. */
function stack(layer, options = {}) {
  const process = new Process({ self: 'p', processes: ['p', 'q'], supply: [links], ...options })
  const step = process.run(layer)
  let left = 0
  process.upon(step.answer, (p, m) => {
    if (--left > 0) step.ask(p, m)
  })
  const message = { kind: 'WRITE', n: 1 }
  step.ask('p', message)
  const eventsPerAnswer = process.counters.events
  return (events) => {
    left = Math.floor(events / eventsPerAnswer)
    step.ask('p', message)
  }
}

function directCall() {
  const seen = { n: 0 }
  const receiver = { deliver: (_p, m) => (seen.n += m.n) }
  return (events) => {
    const message = { n: 1 }
    for (let i = 0; i < events; i++) receiver.deliver('p', message)
    return seen.n
  }
}

function eventEmitter() {
  const emitter = new EventEmitter()
  const seen = { n: 0 }
  emitter.on('deliver', (_p, m) => (seen.n += m.n))
  return (events) => {
    const message = { n: 1 }
    for (let i = 0; i < events; i++) emitter.emit('deliver', 'p', message)
    return seen.n
  }
}

const cases = {
  'direct call': directCall(),
  EventEmitter: eventEmitter(),
  'one layer': stack(Echo),
  'three layers': stack(over(over(Echo))),
  'kinds of message': stack(Kinds),
  'one layer, observed': stack(Echo, { observe: () => {} }),
}

/** Processor time, on which other programs have less influence. */
const nanosecondsPerEvent = (run) => {
  const start = cpuUsage()
  run(EVENTS)
  const { user, system } = cpuUsage(start)
  return ((user + system) * 1000) / EVENTS
}

/** What stays on the heap after so many events without a collection. A collection in between would only lower it, so the maximum counts. */
const bytesPerEvent = (run) => {
  const weigh = () => {
    collectGarbage()
    const before = memoryUsage().heapUsed
    run(EVENTS_WEIGHED)
    return (memoryUsage().heapUsed - before) / EVENTS_WEIGHED
  }
  return [weigh(), weigh(), weigh(), weigh(), weigh()].sort((a, b) => a - b)[2]
}

const times = new Map(Object.keys(cases).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++)
  for (const [name, run] of Object.entries(cases)) {
    const ns = nanosecondsPerEvent(run)
    if (round >= 3) times.get(name).push(ns) // the first ones warm up
  }
const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]
const emitterNs = median(times.get('EventEmitter'))
const rows = Object.entries(cases).map(([name, run]) => {
  const ns = median(times.get(name))
  return { name, nsPerEvent: ns, timesEventEmitter: ns / emitterNs, bytesPerEvent: Math.max(0, bytesPerEvent(run)) }
})

if (process.argv.includes('--json')) console.log(JSON.stringify({ benchmark: 'runtime/events', rows }))
else {
  console.log(`${''.padEnd(22)}${'ns per event'.padStart(14)}${'x EventEmitter'.padStart(18)}${'bytes per event'.padStart(18)}`)
  for (const { name, nsPerEvent, timesEventEmitter, bytesPerEvent: bytes } of rows)
    console.log(
      name.padEnd(22) + nsPerEvent.toFixed(1).padStart(14) + timesEventEmitter.toFixed(2).padStart(18) + bytes.toFixed(1).padStart(18),
    )
}
