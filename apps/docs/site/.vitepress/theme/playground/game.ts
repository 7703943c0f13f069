import playgrounds from 'virtual:playgrounds'
import { find } from '@upon/catalogue'
import type { Tested } from '@upon/compliance'
import type { Module } from '@upon/contract'
import { type Command, CommandRefused } from '@upon/simulator'
import { computed, ref, shallowRef } from 'vue'
import type { Facts } from '../../../../src/playground/facts'
import { lightsOf } from '../../../../src/playground/lights'
import { litOf } from '../../../../src/playground/lit'
import { pipsOf } from '../../../../src/playground/pips'
import { opening, Play } from '../../../../src/playground/play'
import type { Situation } from '../../../../src/playground/situation'
import { nextWords, storyOf } from '../../../../src/playground/story'
import { variablesOf } from '../../../../src/playground/values'

/** The state of a playground on a page, and what follows from it at one moment. */
export function useGame() {
  const play = shallowRef<Play>()
  const facts = shallowRef<Facts>()
  const changes = ref(0)
  /** The variable whose answers were shown before. */
  let answers: string | undefined
  const trouble = ref('')
  const asking = shallowRef<{ readonly command: Command; readonly why: string }>()

  async function load(situation: Situation): Promise<void> {
    const about = playgrounds.find(({ name }) => name === situation.entry)
    const entry = find(situation.entry)
    if (about === undefined || entry === undefined) {
      trouble.value = `There is no algorithm ${situation.entry}: the link is of another version.`
      return
    }
    facts.value = (await about.facts()).default
    answers = undefined
    const algorithm = situation.mutant === undefined ? undefined : await mutantOf(about, situation.mutant)
    try {
      play.value = new Play(entry, situation, algorithm)
      if (play.value.refused !== undefined) trouble.value = play.value.refused
    } catch (error) {
      trouble.value = `The link does not fit this algorithm: ${(error as Error).message}`
      play.value = new Play(entry, opening(entry))
    }
    changed()
  }

  async function mutantOf(about: (typeof playgrounds)[number], name: string): Promise<Tested<Module> | undefined> {
    const found = (await about.mutants()).default[name]
    if (found === undefined) trouble.value = `The wrong line “${name}” is no longer here: the algorithm is as it should be.`
    return found
  }

  const changed = () => {
    asking.value = undefined
    changes.value++
  }

  function apply(command: Command): void {
    if (play.value === undefined) return
    trouble.value = ''
    try {
      play.value.do(command)
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error
      trouble.value = `This cannot be done: ${error.why}.`
    }
    changed()
  }

  /** Asks first if the model does not allow it. */
  function act(command: Command): void {
    const why = play.value?.session.allowed(command)
    if (why === undefined) apply(command)
    else asking.value = { command, why }
  }

  const view = computed(() => {
    changes.value
    if (play.value === undefined || facts.value === undefined) return undefined
    const now = viewOf(play.value, facts.value, answers)
    answers = now.pips?.variable
    return now
  })

  return { play, facts, view, trouble, asking, load, apply, act, changed }
}

/** All that a page shows of a moment: it cannot disagree with itself. */
function viewOf(play: Play, facts: Facts, answers: string | undefined) {
  const { session, entry, processes } = play
  const lights = lightsOf(entry, session)
  const lit = litOf(facts, play)
  const states = session.states()
  const path = entry.algorithm.instance
  const red = lights.find(({ says }) => says === 'violated' || says === 'beyond')
  const at = lit?.process ?? processes[0] ?? 'p1'
  return {
    lights,
    lit,
    states,
    red,
    proof: new Map((red?.events ?? []).map(({ index }, i) => [index, i + 1])),
    story: storyOf(play, lights),
    next: nextWords(play),
    pips: pipsOf(states, path, processes, answers),
    variables: variablesOf(play.before[at]?.[path], states[at]?.[path]),
    at,
    trace: session.trace,
    pending: session.pending,
    lost: play.lost,
    nowMs: session.timeMs,
    isAtRest: session.isAtRest,
    broken: session.broken,
    down: processes.filter((p) => states[p] === undefined),
    requested: play.log.slice(0, play.at).filter((command) => command.do === 'request').length,
    position: play.at,
    length: play.log.length,
    log: play.log,
    aside: play.aside,
  }
}

export type View = ReturnType<typeof viewOf>
