import { type Message, type ProcessId, Type, toValue, type Unwrapped } from '@upon/protocol'
import { onTestFinished } from 'vitest'
import { createLog, createNode, type Node, type NodeOptions } from '../src/index'
import { Puppet, until } from './puppet'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly reason?: string
  readonly [field: string]: unknown
}

/** One node of ours, among puppets: its hub, and the other processes of its systems. */
export interface Scene {
  readonly node: Node
  readonly hub: Puppet
  /** The other processes. */
  readonly peers: readonly Puppet[]
  readonly lines: readonly LogLine[]
  /** The processes of the system, as the hub lists them: the peers first, in order, then by default the node. */
  readonly processes: readonly ProcessId[]
  /** Has the hub send the node a message. */
  command(message: Message, systemId?: string): void
  /** Starts a system, and resolves when the node is in it. */
  initialize(systemId?: string, processes?: readonly ProcessId[]): Promise<void>
  destroy(systemId?: string): Promise<void>
  /** Shows that the node still serves: a broadcast, and a read for which the peers answer. */
  serves(systemId?: string): Promise<void>
}

/** `ranks`: those of the peers in order, then that of the node; by default 1, 2, ... */
export async function scene(
  peers: readonly ('kept' | 'classic')[],
  { ranks = [], ...options }: Partial<NodeOptions> & { ranks?: readonly number[] } = {},
): Promise<Scene> {
  const hub = await Puppet.listen('classic')
  const others = await Promise.all(peers.map((how) => Puppet.listen(how)))
  const lines: LogLine[] = []
  const log = createLog('abc-1', 'debug', { write: (line) => void lines.push(JSON.parse(line) as LogLine) })
  const node = await createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index: 1, log, ...options })
  onTestFinished(() => node.stop())
  await hub.collect(Type.PROC_REGISTRATION, 1)
  const processes = [
    ...others.map(({ address }, i) => ({ ...address, owner: 'xyz', index: i + 1, rank: ranks[i] ?? i + 1 })),
    { ...node.address, owner: 'abc', index: 1, rank: ranks[others.length] ?? others.length + 1 },
  ]
  const made = make({ node, hub, peers: others, lines, processes })
  await made.initialize()
  return made
}

function make(parts: Pick<Scene, 'node' | 'hub' | 'peers' | 'lines' | 'processes'>): Scene {
  const { node, hub, peers } = parts
  let served = 0
  const command = (message: Message, systemId = 'sys-1') =>
    hub.send(node.address, { systemId, message: { ...message, FromAbstractionId: 'hub', ToAbstractionId: 'app' } })
  return {
    ...parts,
    command,
    async initialize(systemId = 'sys-1', processes = parts.processes) {
      command({ type: Type.PROC_INITIALIZE_SYSTEM, procInitializeSystem: { processes } }, systemId)
      await until(`${systemId} starts`, () => node.systems.has(systemId))
    },
    async destroy(systemId = 'sys-1') {
      command({ type: Type.PROC_DESTROY_SYSTEM, procDestroySystem: {} }, systemId)
      await until(`${systemId} ends`, () => !node.systems.has(systemId))
    },
    async serves(systemId = 'sys-1') {
      const value = 1_000_000 + ++served
      command({ type: Type.APP_BROADCAST, appBroadcast: { value: toValue(value) } }, systemId)
      await hub.until(`${value} is delivered`, () => hub.of(Type.APP_VALUE).some(({ inner }) => inner.appValue?.value?.v === value))
      for (const peer of peers) answerRegisters(peer, node)
      const register = `serves-${served}`
      command({ type: Type.APP_READ, appRead: { register } }, systemId)
      const isAnswer = ({ inner }: Unwrapped) => inner.appReadReturn?.register === register
      await hub.until(`${register} is read`, () => hub.of(Type.APP_READ_RETURN).some(isAnswer))
      for (const peer of peers) peer.react = () => {}
    },
  }
}

/** Has a puppet answer what a register asks, as one that holds no value does. */
export function answerRegisters(peer: Puppet, node: Node): void {
  peer.react = ({ systemId, to, inner }) => {
    const link = to.replace(/\.beb\.pl$/, '.pl')
    const answer = (message: Message) => peer.send(node.address, { systemId, to: link, message })
    if (inner.nnarInternalRead) {
      const { readId } = inner.nnarInternalRead
      const nothing = { readId, timestamp: 0, writerRank: 0, value: toValue(undefined) }
      answer({ type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: nothing })
    } else if (inner.nnarInternalWrite) {
      answer({ type: Type.NNAR_INTERNAL_ACK, nnarInternalAck: { readId: inner.nnarInternalWrite.readId } })
    }
  }
}
