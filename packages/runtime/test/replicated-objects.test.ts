import { createServer } from 'node:net'
import { LeaderDrivenSequence } from '@upon/consensus'
import { IMPOSSIBLE, linearizableObject, type Model, type ObjectOperation } from '@upon/linearizability'
import { tcpTransport } from '@upon/transport/tcp'
import { expect, it } from 'vitest'
import { NoEffectError, type OperationError, type ReplicaFace, replicate } from '../src/faces'
import { Process, systemTimer, systemTurn } from '../src/index'

/** A counter, a lock with fencing tokens, and a map: the objects of one machine. */
type Input =
  | { readonly on: 'counter'; readonly add: number }
  | { readonly on: 'lock'; readonly client: string; readonly does: 'acquire' | 'release' }
  | { readonly on: `key ${string}`; readonly expected?: number; readonly value: number }
  | { readonly on: `key ${string}`; readonly does: 'get' }
interface Part {
  readonly value: number
  readonly holder: string | null
}
interface Step {
  readonly part: Part
  readonly answer: number | boolean | null
}

const EMPTY: Part = { value: 0, holder: null }

function step(part: Part, input: Input): Step {
  const { value, holder } = part
  if ('add' in input) return { part: { value: value + input.add, holder }, answer: value + input.add }
  if ('value' in input) {
    const isSet = input.expected === undefined || input.expected === value
    return { part: isSet ? { value: input.value, holder } : part, answer: isSet }
  }
  if (input.does === 'get') return { part, answer: value }
  if (input.does === 'release') return { part: holder === input.client ? { value, holder: null } : part, answer: holder === input.client }
  return holder === null ? { part: { value: value + 1, holder: input.client }, answer: value + 1 } : { part, answer: null }
}

const model: Model<Part, Input, Step['answer']> = {
  initial: EMPTY,
  key: (part) => JSON.stringify(part),
  part: ({ on }) => on,
  apply(part, { input, output, respondedAtMs }) {
    const next = step(part, input)
    return respondedAtMs === undefined || next.answer === output ? next.part : IMPOSSIBLE
  },
}

type State = Readonly<Record<string, Part>>
const machine = {
  initial: {} as State,
  apply: (state: State, input: Input) => {
    const { part, answer } = step(state[input.on] ?? EMPTY, input)
    return { state: { ...state, [input.on]: part }, answer }
  },
}
type Face = ReplicaFace<State, Input, Step['answer']>

/** The port is free again when this resolves, and nobody else is given it at once. */
const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

async function replicas() {
  const processes = ['p', 'q', 'r']
  const peers = Object.fromEntries(await Promise.all(processes.map(async (p) => [p, `127.0.0.1:${await freePort()}`])))
  return Promise.all(
    processes.map(async (self) => {
      const links = await tcpTransport({ self, peers })
      const process = new Process({ self, processes, supply: [links, systemTimer, systemTurn] })
      const face: Face = replicate(process, LeaderDrivenSequence, machine, { checkpointCommands: 50 })
      const stop = () => {
        process.stop()
        return links.close()
      }
      return { face, stop }
    }),
  )
}

const inputs: readonly ((client: string, i: number) => Input)[] = [
  (_, i) => ({ on: 'counter', add: i }),
  (client) => ({ on: 'lock', client, does: 'acquire' }),
  (client) => ({ on: 'lock', client, does: 'release' }),
  (_, i) => ({ on: `key ${i % 2}`, value: i }),
  (_, i) => ({ on: `key ${i % 2}`, does: 'get' }),
  (_, i) => ({ on: `key ${i % 2}`, expected: i - 3, value: i }),
]

/** One client: an operation after the other, each with its interval; gets are read without a command. */
async function client(face: Face, name: string, count: number, history: ObjectOperation<Input, Step['answer']>[], now: () => number) {
  for (let i = 0; i < count; i++) {
    const input = (inputs[(i + name.length) % inputs.length] as (typeof inputs)[number])(name, i)
    const invokedAtMs = now()
    try {
      const isGet = 'does' in input && input.does === 'get'
      const output = await (isGet ? face.read((state) => (state[input.on] ?? EMPTY).value) : face.execute(input))
      history.push({ process: name, input, output, invokedAtMs, respondedAtMs: now() })
    } catch (error) {
      if (!(error instanceof NoEffectError)) history.push({ process: name, input, invokedAtMs })
      expect((error as OperationError).reason).toBe('stopped')
      return
    }
  }
}

it('a counter, a lock and a map over TCP are linearizable, though the leader ends in the middle', { timeout: 120_000 }, async () => {
  const all = await replicas()
  const history: ObjectOperation<Input, Step['answer']>[] = []
  let moment = 0
  const now = () => ++moment // moments of one program: an order is all that is needed
  const clients = all.flatMap(({ face }, at) => ['', 'x', 'xx'].map((x) => client(face, `${at}${x}`, 60, history, now)))
  const [, , leader] = all
  for (let i = 0; i < 20; i++) await leader?.face.execute({ on: 'counter', add: 0 })
  await leader?.stop()
  await Promise.all(clients)
  const verdict = linearizableObject(model, [...history])
  expect(verdict.outcome === 'linearizable' ? '' : verdict.reason).toBe('')
  expect(history.filter(({ respondedAtMs }) => respondedAtMs !== undefined).length).toBeGreaterThan(2 * 3 * 60)
  expect(history.filter(({ process }) => process.startsWith('2')).length).toBeLessThan(3 * 60)
  await Promise.all(all.map(({ stop }) => stop()))
})
