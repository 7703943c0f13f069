import {
  type BestEffortBroadcast,
  type Layer,
  type Outside,
  PerfectFailureDetector,
  PerfectPointToPointLinks,
  type Port,
  type ProcessId,
  type Transport,
} from '@upon/contract'
import { Process } from '@upon/runtime'

interface InTransit {
  readonly from: ProcessId
  readonly to: ProcessId
  readonly message: unknown
  readonly arrive: () => void
}

type Links = Transport<PerfectPointToPointLinks>
type Detector = Port<PerfectFailureDetector>

type Tested = Layer<BestEffortBroadcast, PerfectPointToPointLinks | PerfectFailureDetector, string>

/**
 * Processes p, q, r, ... that run a broadcast of strings, in the hands of a test: messages to others are in transit until it lets them
 * arrive, processes crash and are detected when it says so. A message to oneself arrives at once.
 */
export function system(layer: Tested, n = 3, rank?: (p: ProcessId) => number) {
  const processes = ['p', 'q', 'r', 's', 't'].slice(0, n)
  const receivers = new Map<ProcessId, (from: ProcessId, path: string, message: unknown) => void>()
  let inTransit: InTransit[] = []
  let sent = 0

  const linksOf = (self: ProcessId): Links => ({
    sort: 'transport',
    guarantees: PerfectPointToPointLinks,
    send: (to, path, message) => {
      inTransit.push({ from: self, to, message, arrive: () => receivers.get(to)?.(self, path, message) })
    },
    attach: (receive) => {
      receivers.set(self, receive)
    },
  })

  const members = processes.map((self) => {
    const delivered: string[] = []
    const detectors: ((p: ProcessId) => void)[] = []
    let sendings = Number.POSITIVE_INFINITY
    const detector: Detector = {
      sort: 'port',
      abstraction: PerfectFailureDetector,
      open: ({ indicate }) => {
        detectors.push(indicate.crash)
        return { upon: {} }
      },
    }
    const process: Process<[Links, Detector]> = new Process({
      self,
      processes,
      ...(rank === undefined ? {} : { rank }),
      supply: [linksOf(self), detector],
      observe: ({ event, direction }) => {
        if (event !== 'send' || direction !== 'request') return
        if (sendings-- > 0) sent++
        else crash()
      },
    })
    const crash = () => {
      receivers.delete(self)
      process.stop()
    }
    const { broadcast, deliver } = process.run(layer) as Outside<BestEffortBroadcast, string>
    process.upon(deliver, (p, m) => delivered.push(`${p}: ${m}`))
    return {
      broadcast,
      delivered,
      process,
      crash,
      /** Sends so many messages more, and crashes in the middle of the next. */
      crashAfterSending: (further: number) => {
        sendings = further
      },
      detect: (p: ProcessId) => {
        for (const detect of detectors) detect(p)
      },
    }
  })

  /** Delivers what is in transit, in the order of sending, and what is sent in response; with a filter, only what it selects. */
  const arrive = (which: (m: InTransit) => boolean = () => true): void => {
    for (let next = inTransit.find(which); next !== undefined; next = inTransit.find(which)) {
      inTransit.splice(inTransit.indexOf(next), 1)
      next.arrive()
    }
  }
  const lose = (which: (m: InTransit) => boolean = () => true): void => {
    inTransit = inTransit.filter((m) => !which(m))
  }
  /** How many messages were sent since this was last asked, those to oneself too. */
  const messages = () => {
    const count = sent
    sent = 0
    return count
  }
  type Member = (typeof members)[number]
  return { members: members as [Member, Member, Member, ...Member[]], arrive, lose, messages }
}
