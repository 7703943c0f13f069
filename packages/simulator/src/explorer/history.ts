import { type Beginning, type Effect, LiveProcess } from './live-process'

/** An input to a process. Its text identifies it: inputs with the same text have the same effect. */
export interface Input {
  readonly text: string
  readonly act: (live: LiveProcess) => void
  /** The random numbers that it draws, in order. */
  readonly choices?: readonly number[]
}

/** The result of an input: what the process does, and its next configuration. */
export interface Step {
  readonly effects: readonly Effect[]
  readonly next: Configuration
  /** The step drew a number below this that was not chosen yet: it has several outcomes. */
  readonly undecided?: number | undefined
}

/** How a process may start. */
export interface Start extends Step {
  /** The numbers that it drew, in order. */
  readonly drew: readonly number[]
}

/** A process as the list of its inputs. It cannot be copied, but it can be run again. */
class History {
  /** The process itself, until its next input. */
  #live: LiveProcess | undefined
  /** Of the last input. */
  readonly effects: string

  constructor(
    readonly beginning: Beginning,
    readonly inputs: readonly Input[],
    live: LiveProcess,
  ) {
    this.#live = live
    this.effects = live.effects.map(textOf).join()
  }

  after(input: Input): { readonly live: LiveProcess; readonly history: History } {
    const live = this.#live ?? this.#again()
    this.#live = undefined
    take(live, input)
    return { live, history: new History(this.beginning, [...this.inputs, input], live) }
  }

  #again(): LiveProcess {
    const live = new LiveProcess(this.beginning)
    for (const input of this.inputs) {
      take(live, input)
    }
    if (live.effects.map(textOf).join() !== this.effects) throw differs(this)
    return live
  }
}

function take(live: LiveProcess, { act, choices = [] }: Input): void {
  live.effects = []
  live.choices = choices
  live.drawn = 0
  live.undecided = undefined
  act(live)
}

/** How many histories of the same configuration are continued, to check that they behave alike. */
const WITNESSES = 4

/**
 * Everything that a process remembers, whatever its inputs were. Processes that remember the same behave alike, so each configuration is
 * computed once. This is checked: several histories of one configuration are continued side by side, which detects an algorithm, or a
 * `setup`, that keeps something outside its state.
 */
export class Configuration {
  readonly #histories: History[] = []
  readonly #steps = new Map<string, { readonly input: Input; readonly step: Step; readonly text: string }>()

  constructor(
    readonly known: Map<number, Configuration>,
    /** Its number: the same for the same configuration of the same process. */
    readonly number: number,
    readonly isBusy: boolean,
    /** Operations that its client has not begun. */
    readonly left: readonly unknown[],
  ) {}

  /** A process without any input: one start for each combination of the numbers that it draws. */
  static first(beginning: Beginning, known = new Map<number, Configuration>()): Start[] {
    const live = new LiveProcess(beginning)
    const { effects, undecided } = live
    const { choices: drew = [] } = beginning
    if (undecided !== undefined)
      return Array.from({ length: undecided }, (_, k) => Configuration.first({ ...beginning, choices: [...drew, k] }, known)).flat()
    return [{ effects, next: reached(known, new History(beginning, [], live), live), drew }]
  }

  after(input: Input): Step {
    const found = this.#steps.get(input.text)
    if (found !== undefined) return found.step
    let first: { readonly input: Input; readonly step: Step; readonly text: string } | undefined
    for (const history of this.#histories) {
      const { step, text } = this.#go(history, input)
      first ??= { input, step, text }
      if (text !== first.text) throw differs(history, input)
    }
    const made = first as NonNullable<typeof first>
    this.#steps.set(input.text, made)
    return made.step
  }

  /** Another history of the same configuration: it must behave as those before. */
  add(history: History): void {
    if (this.#histories.length >= WITNESSES) return
    this.#histories.push(history)
    for (const { input, text } of this.#steps.values()) if (this.#go(history, input).text !== text) throw differs(history, input)
  }

  #go(from: History, input: Input): { readonly step: Step; readonly text: string } {
    const { live, history } = from.after(input)
    const { effects, undecided } = live // before other histories continue
    const next = reached(this.known, history, live)
    return { step: { effects, next, undecided }, text: `${history.effects} ${next.number}` }
  }
}

/** The configuration of a process after its inputs. */
function reached(known: Map<number, Configuration>, history: History, live: LiveProcess): Configuration {
  const number = history.beginning.texts.numberOf(live.state)
  let found = known.get(number)
  if (found === undefined) {
    found = new Configuration(known, number, live.isBusy, live.left)
    known.set(number, found)
  }
  found.add(history)
  return found
}

function textOf(effect: Effect): string {
  switch (effect.type) {
    case 'send':
    case 'event':
      return `${effect.type} ${effect.text}`
    case 'watch':
      return `watch ${effect.detector.path}`
    case 'error':
      return effect.error.message
    default:
      return `${effect.type} ${effect.path}`
  }
}

function differs({ beginning: { host, processes }, inputs }: History, next?: Input): Error {
  const p = processes[host]
  const before = inputs.map(({ text }) => text).join('; ')
  const what =
    next === undefined
      ? `did otherwise when "${before}" came again`
      : `in the same state did otherwise at "${next.text}", after "${before}"`
  return new Error(`${p} ${what}: something is not deterministic, or is kept outside its state`)
}
