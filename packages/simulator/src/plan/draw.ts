import { mostFaulty, type ProcessId, type Resilience } from '@upon/contract'
import { LATEST_START_MS, MOST_DRIFT_PERCENT, staysDown } from './outside-model'
import { type Fault, names, type Plan, type Schedule } from './plan'
import type { PlanSpace } from './plan-space'
import { combine, Random } from './random'

const HORIZONS_MS = [5, 20, 60, 200, 600]
const BOUNDS_MS = [2, 10, 25]
/** Where processes do not know the bound, some runs have one that is longer than an initial time-out, or than many periods. */
const LONG_BOUND_MS = 250
const LONGEST_BOUND_MS = 2_000
const STEPS_MS = [0.02, 0.2, 1, 5]

/**
 * Draws a plan: a safety phase of some length in which faults happen, then a liveness phase in which all processes that have not crashed
 * converge. Each seed has its own mix: which faults occur, how many, how long, and which kind of schedule.
 */
export function drawPlan<O>(model: PlanSpace<O>, seed: number): Plan<O> {
  const random = new Random(seed)
  const processes = names(model.processes)
  const horizonMs = random.pick(HORIZONS_MS)
  const isSynchronous = model.model === 'fail-stop'
  const isRecovering = model.model === 'fail-recovery'
  const crashes = isRecovering ? drawOutages : drawCrashes
  const faults = crashes(random, processes, model.resilience, horizonMs)
  if (!isSynchronous) faults.push(...drawAsynchrony(random, processes, horizonMs))
  if ((model.loss ?? (isRecovering ? 'fair' : 'never')) === 'fair' && !isSynchronous)
    faults.push({ kind: 'loss', lostPercent: random.between(0, 30), duplicatedPercent: random.between(0, 50), toMs: horizonMs })
  const operations = model.operations(random, processes)
  const schedule = drawSchedule(random)
  const stabilisationMs = isSynchronous ? 0 : horizonMs
  const boundMs = !isSynchronous && random.chance(4) ? LONG_BOUND_MS : random.pick(BOUNDS_MS)
  const plan: Plan<O> = { seed, processes, operations, faults, schedule, stabilisationMs, boundMs }
  return drawRarities(model, plan, new Random(combine(seed >>> 0, 0xa7e)))
}

/** What happens rarely. It has random numbers of its own, so that additions here do not change the rest of a seed's plan. */
function drawRarities<O>(model: PlanSpace<O>, plan: Plan<O>, random: Random): Plan<O> {
  const { processes, stabilisationMs, faults } = plan
  const isSynchronous = model.model === 'fail-stop'
  if (model.model === 'fail-recovery') return drawSlowness(random, { ...plan, faults: drawUnsteadiness(random, plan, model.resilience) })
  const more = faults.filter(({ kind }) => kind === 'hint').flatMap((hint) => drawAgain(random, hint, stabilisationMs))
  if (random.chance(10)) more.push(...drawStarts(random, processes, isSynchronous ? LATEST_START_MS : stabilisationMs))
  if (isSynchronous && random.chance(25)) more.push(...drawDrift(random, processes, MOST_DRIFT_PERCENT))
  const drawn = { ...plan, faults: [...faults, ...more] }
  return isSynchronous ? drawn : drawSlowness(random, drawn)
}

/** Few processes, and in some runs messages that take as long as the bound allows. */
function drawSlowness<O>(random: Random, plan: Plan<O>): Plan<O> {
  const isSlow = plan.processes.length <= 3 && random.chance(2)
  return isSlow ? { ...plan, boundMs: LONGEST_BOUND_MS, schedule: upTo(LONGEST_BOUND_MS, random.next()) } : plan
}

/** A wrong hint that is repeated. */
const drawAgain = (random: Random, hint: Fault, horizonMs: number): Fault[] =>
  Array.from({ length: random.pick([0, 0, 2, 7]) }, () => ({ ...hint, atMs: random.below(horizonMs * 1000) / 1000 }) as Fault)

/** Not all processes start at once. */
const drawStarts = (random: Random, processes: readonly ProcessId[], latestMs: number): Fault[] =>
  processes.map((process) => ({ kind: 'start', process, atMs: random.below(latestMs * 1000) / 1000 }))

const drawDrift = (random: Random, processes: readonly ProcessId[], mostPercent: number): Fault[] =>
  processes.map((process) => ({ kind: 'drift', process, percent: random.between(100 - mostPercent, 100 + mostPercent) }))

/** Faults that make messages and processes late, or timers and hints wrong. */
function drawAsynchrony(random: Random, processes: readonly ProcessId[], horizonMs: number): Fault[] {
  const faults: Fault[] = []
  const span = () => {
    const fromMs = random.below(horizonMs * 1000) / 1000
    return { fromMs, toMs: Math.min(horizonMs, fromMs + random.below(horizonMs * 1000) / 1000) }
  }
  if (random.chance(25)) faults.push({ kind: 'pause', process: random.pick(processes), ...span() })
  if (random.chance(25)) faults.push({ kind: 'slow', process: random.pick(processes), eventMs: random.pick([0.5, 2, 10]), ...span() })
  if (random.chance(30)) faults.push({ kind: 'partition', groups: drawGroups(random, processes), ...span() })
  if (random.chance(25)) {
    const [from = [], to = []] = drawGroups(random, processes)
    faults.push({ kind: 'block', from, to, ...span() })
  }
  if (random.chance(25)) faults.push(...drawDrift(random, processes, 50))
  if (random.chance(20) && processes.length > 1) {
    const [process = '', about = ''] = random.shuffle(processes)
    faults.push({ kind: 'hint', process, about, atMs: random.below(horizonMs * 1000) / 1000 })
  }
  return faults
}

function drawCrashes(random: Random, processes: readonly ProcessId[], resilience: Resilience, horizonMs: number): Fault[] {
  const crashes = random.chance(30) ? 0 : random.between(0, mostFaulty(resilience, processes.length))
  // the highest rank leads, so it crashes more often than the others
  const victims = random.chance(40) ? [...processes].reverse() : random.shuffle(processes)
  return victims.slice(0, crashes).map((process) => {
    const lostPercent = random.pick([0, 0, 50, 100])
    if (random.chance(60)) return { kind: 'crash', process, afterSends: random.below(random.pick([8, 40])), lostPercent }
    return { kind: 'crash', process, atMs: random.below(horizonMs * 1000) / 1000, lostPercent }
  })
}

/** Crashes and recoveries: some processes have several, some stay down after their last crash. */
function drawOutages(random: Random, processes: readonly ProcessId[], resilience: Resilience, horizonMs: number): Fault[] {
  const staying = random.chance(50) ? 0 : random.between(0, mostFaulty(resilience, processes.length))
  const unsteadyPercent = random.pick([20, 60, 100])
  return random.shuffle(processes).flatMap((process, i) => {
    const outages = random.chance(unsteadyPercent) ? random.between(1, 3) : 0
    const length = 2 * outages + (i < staying ? 1 : 0)
    const times = Array.from({ length }, () => random.below(horizonMs * 1000) / 1000).sort((a, b) => a - b)
    let sends = 0
    return times.map((atMs, k): Fault => {
      if (k % 2 === 1) return { kind: 'recover', process, atMs }
      const lostPercent = random.pick([0, 0, 50, 100])
      if (random.chance(50)) return { kind: 'crash', process, atMs, lostPercent }
      sends += random.below(20)
      return { kind: 'crash', process, afterSends: sends, lostPercent }
    })
  })
}

/** The faults, and in some runs one more process that crashes and recovers forever, far more often than any correct one. */
function drawUnsteadiness(random: Random, { processes, faults }: Plan, resilience: Resilience): readonly Fault[] {
  const process = random.pick(processes)
  const others = faults.filter((fault) => !('process' in fault && fault.process === process && /crash|recover/.test(fault.kind)))
  const down = processes.filter((p) => p !== process && staysDown(p, faults))
  if (!random.chance(25) || down.length >= mostFaulty(resilience, processes.length)) return faults
  const unsteady: Fault[] = []
  let atMs = 0
  for (let outages = random.between(5, 12); outages > 0; outages--) {
    atMs += random.between(500, 900)
    unsteady.push({ kind: 'crash', process, atMs, lostPercent: random.pick([0, 0, 50, 100]) })
    atMs += random.between(1, 400)
    unsteady.push({ kind: 'recover', process, atMs })
  }
  return [...others, ...unsteady, { kind: 'crash', process, atEnd: true }]
}

/** Two groups or three that hold all processes. */
function drawGroups(random: Random, processes: readonly ProcessId[]): ProcessId[][] {
  const shuffled = random.shuffle(processes)
  const first = random.between(1, Math.max(1, processes.length - 1))
  const groups = [shuffled.slice(0, first), shuffled.slice(first)]
  const [, second = []] = groups
  if (second.length < 2 || random.chance(70)) return groups
  const cut = random.between(1, second.length - 1)
  return [shuffled.slice(0, first), second.slice(0, cut), second.slice(cut)]
}

/** Messages that mostly take as long as the bound allows. */
const upTo = (boundMs: number, seed: number): Schedule => ({ kind: 'random', seed, shape: 'uniform', lowMs: 0.1, highMs: boundMs })

function drawSchedule(random: Random): Schedule {
  const seed = random.next()
  if (random.chance(50)) {
    const length = random.pick([30, 100, 400])
    const changes = Array.from({ length: random.between(0, 4) }, () => random.between(1, length))
    return { kind: 'priorities', seed, stepMs: random.pick(STEPS_MS), changes }
  }
  const scale = random.pick([1, 1, 5, 25])
  return {
    kind: 'random',
    seed,
    shape: random.pick(['uniform', 'heavy', 'bimodal'] as const),
    lowMs: 0.1 * scale,
    highMs: random.pick([1, 5]) * scale,
  }
}
