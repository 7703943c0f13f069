import {
  type Abstraction,
  abstraction,
  algorithm,
  type Indication,
  type Module,
  PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type Request,
  type Transport,
} from '@upon/contract'

/** A module to test the runtime with: a request and an indication. */
export interface Step extends Module {
  readonly guarantees: { readonly step: true }
  readonly ask: Request<[m: this['payload']]>
  readonly answer: Indication<[m: this['payload']]>
}

export const Step: Abstraction<Step> = abstraction<Step>({
  name: 'Step',
  instance: 'step',
  requests: { ask: ['m'] },
  indications: { answer: ['m'] },
  properties: {},
})

export const assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const

/** Answers each request with what it asks. */
export const Echo = algorithm({ name: 'echo', implements: { step: Step }, uses: {}, assumes }, ({ step, upon }) => {
  upon(step.ask, (m) => step.answer(m))
})

/** Hands everything on to the step below, and back up. */
export const Relay = algorithm({ name: 'relay', implements: { step: Step }, uses: { below: Echo }, assumes }, ({ step, below, upon }) => {
  upon(step.ask, (m) => below.ask(m as never))
  upon(below.answer, (m) => step.answer(m as never))
})

/** A port of the host that records what was opened and closed, and answers when the test says so. */
export function hostStep() {
  const opened: string[] = []
  const closed: string[] = []
  const requests: unknown[] = []
  const answers: ((m: unknown) => void)[] = []
  const port: Port<Step> = {
    sort: 'port',
    abstraction: Step,
    open({ path, indicate }) {
      opened.push(path)
      answers.push(indicate.answer)
      return { upon: { ask: (m) => void requests.push(m) }, close: () => void closed.push(path) }
    },
  }
  return { port, opened, closed, requests, answers, answer: (m: unknown) => answers.at(-1)?.(m) }
}

/** Links whose other ends are the test. */
export function handLinks() {
  const sent: { to: ProcessId; path: string; message: unknown }[] = []
  let receive: (from: ProcessId, path: string, message: unknown) => void = () => {}
  const transport: Transport<PerfectPointToPointLinks> = {
    sort: 'transport',
    guarantees: PerfectPointToPointLinks,
    send: (to, path, message) => void sent.push({ to, path, message }),
    attach: (hand) => {
      receive = hand
    },
  }
  return { transport, sent, receive: (from: ProcessId, path: string, message: unknown) => receive(from, path, message) }
}
