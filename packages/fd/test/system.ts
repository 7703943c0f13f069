import { type Layer, type Module, PerfectPointToPointLinks, type Port, type ProcessId, Timer, type Transport } from '@upon/contract'
import { Process } from '@upon/runtime'

type Links = Transport<PerfectPointToPointLinks>

/** Processes p, q, r whose timers time out, whose messages arrive and who crash when a test says so. A message to oneself arrives at once. */
export function system(layer: Layer<Module, PerfectPointToPointLinks | Timer>, name = (layer as unknown as { instance: string }).instance) {
  const processes = ['p', 'q', 'r']
  const receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  const inTransit: { readonly from: ProcessId; readonly arrive: () => void }[] = []
  let sent = 0

  const member = (self: ProcessId) => {
    const said: string[] = []
    const timeouts: (() => void)[] = []
    const delaysMs: number[] = []
    const links: Links = {
      sort: 'transport',
      guarantees: PerfectPointToPointLinks,
      send: (to, path, message) => {
        inTransit.push({ from: self, arrive: () => receivers.get(to)?.(self, path, message) })
      },
      attach: (receive) => {
        receivers.set(self, receive)
      },
    }
    const timer: Port<Timer> = {
      sort: 'port',
      abstraction: Timer,
      open: ({ indicate }) => ({
        upon: {
          start: (delayMs) => {
            delaysMs.push(delayMs)
            timeouts.push(indicate.timeout)
          },
        },
      }),
    }
    const process = new Process({
      self,
      processes,
      supply: [links, timer],
      observe: ({ path, direction, event, attributes }) => {
        if (event === 'send' && direction === 'request') sent++
        if (path.startsWith(name) && !path.includes('.') && direction === 'indication') said.push(`${event} ${attributes[0]}`)
      },
    })
    process.run(layer)
    return {
      /** What was indicated so far, by all instances whose name begins so. */
      said,
      process,
      /** The delays of the timers started so far. */
      delaysMs,
      timeout: () => {
        for (const timeout of timeouts.splice(0)) timeout()
      },
      crash: () => {
        receivers.delete(self)
        timeouts.splice(0)
        process.stop()
      },
    }
  }
  const members = processes.map(member) as [Member, Member, Member]
  type Member = ReturnType<typeof member>

  /** Delivers what is in transit, and what is sent in response; with a sender, only messages of that process. */
  const arrive = (ofWhom?: (from: ProcessId) => boolean) => {
    const isChosen = ({ from }: { readonly from: ProcessId }) => ofWhom?.(from) ?? true
    for (let next = inTransit.find(isChosen); next !== undefined; next = inTransit.find(isChosen)) {
      inTransit.splice(inTransit.indexOf(next), 1)
      next.arrive()
    }
  }
  /** The end of a period at all, and all that is sent at it arrives. */
  const period = () => {
    for (const { timeout } of members) timeout()
    arrive()
  }
  const messages = () => {
    const count = sent
    sent = 0
    return count
  }
  return { members, arrive, period, messages }
}
