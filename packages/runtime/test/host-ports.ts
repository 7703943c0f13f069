import {
  type Abstraction,
  AtomicRegister,
  type Module,
  type Port,
  ReliableBroadcast,
  SequenceConsensus,
  UniformConsensus,
} from '@upon/contract'

/** A port of the host that records its requests, and indicates when the test says so. */
function hostPort<M extends Module>(abstraction: Abstraction<M>) {
  const requests: [name: string, ...attributes: unknown[]][] = []
  const indicate: Record<string, (...attributes: unknown[]) => void> = {}
  const note = Object.keys(abstraction.requests).map((name) => [name, (...all: unknown[]) => void requests.push([name, ...given(all)])])
  const port: Port<M> = {
    sort: 'port',
    abstraction,
    open(site) {
      Object.assign(indicate, site.indicate)
      return { upon: Object.fromEntries(note) }
    },
  }
  return { port: port as Port<M> & { of?: never }, requests, indicate }
}

/** Requests are handed over with four attributes, whatever they have. */
const given = (attributes: unknown[]) => attributes.filter((each) => each !== undefined)

export const hostRegister = () => hostPort(AtomicRegister)
export const hostConsensus = () => hostPort(UniformConsensus)
export const hostBroadcast = () => hostPort(ReliableBroadcast)
export const hostSequence = () => hostPort(SequenceConsensus)
