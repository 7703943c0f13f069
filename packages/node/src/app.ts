import { BasicBroadcast } from '@upon/broadcast'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { abstraction, algorithm, type Indication, type Module, many, type ProcessId, type Request } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { LinkedQueue } from '@upon/runtime'

/** The hub's values: an int32, or undefined (⊥). */
export type Value = number | undefined

/** What processes tell each other on behalf of the application. */
export type AppMessage = { kind: 'APP_VALUE'; value: Value }

/** What the hub may ask of a process, and what the process reports: the application on top of the stack. */
export interface HubApplication extends Module {
  readonly guarantees: { readonly hubApplication: true }
  readonly broadcast: Request<[value: Value]>
  readonly write: Request<[register: string, value: Value]>
  readonly read: Request<[register: string]>
  readonly propose: Request<[topic: string, value: number]>
  /** Somebody else has named a register or topic: makes the instance, so that this process takes part. */
  readonly openRegister: Request<[register: string]>
  readonly openTopic: Request<[topic: string]>
  /** The instance of a decided topic goes; `openTopic` makes it again. */
  readonly closeTopic: Request<[topic: string]>
  readonly deliver: Indication<[p: ProcessId, value: Value]>
  readonly writeReturn: Indication<[register: string]>
  readonly readReturn: Indication<[register: string, value: Value]>
  readonly decide: Indication<[topic: string, value: Value]>
  /** How many of the topics here are undecided, whenever that changes. */
  readonly undecided: Indication<[topics: number]>
  /** A second proposal for a topic: it is dropped, for a process proposes once. */
  readonly proposedAlready: Indication<[topic: string]>
}

export const HubApplication = abstraction<HubApplication>({
  name: 'HubApplication',
  instance: 'app',
  requests: {
    broadcast: ['value'],
    write: ['register', 'value'],
    read: ['register'],
    propose: ['topic', 'value'],
    openRegister: ['register'],
    openTopic: ['topic'],
    closeTopic: ['topic'],
  },
  indications: {
    deliver: ['p', 'value'],
    writeReturn: ['register'],
    readReturn: ['register', 'value'],
    decide: ['topic', 'value'],
    undecided: ['topics'],
    proposedAlready: ['topic'],
  },
  properties: {},
})

type Operation = { readonly kind: 'read' } | { readonly kind: 'write'; readonly value: Value }

/**
 * The application that the hub drives: a broadcast, and registers and topics that come into being when they are first named. A
 * register takes one operation at a time; those that come meanwhile wait, and all are answered, in order.
 *
 * - Implements: HubApplication (app)
 * - Uses: BestEffortBroadcast (beb), AtomicRegister (nnar, one a register), UniformConsensus (uc, one a topic)
 * - Assumes: fail-noisy, a majority of correct processes (f < N/2)
 * - Cost: none but that of what it uses
 * - Source: ours; the course's application
 */
export const Application = algorithm(
  {
    name: 'application',
    implements: { app: HubApplication },
    uses: {
      beb: BasicBroadcast.of<AppMessage>(),
      nnar: many(ReadImposeWriteConsultMajority.of<Value>()),
      uc: many(LeaderDrivenConsensus.of<Value>()),
    },
    assumes: { processes: 'crash-stop', timing: 'eventually-synchronous', resilience: 'f < N/2' },
    state: () => ({
      /** The operations on each register; the first one is under way. */
      operations: new Map<string, LinkedQueue<Operation>>(),
      proposed: new Set<string>(),
      undecided: new Set<string>(),
      decided: new Set<string>(),
    }),
  },
  ({ app, beb, nnar, uc, state, upon }) => {
    const open = (register: string) => {
      if (!nnar.has(register)) nnar.create(register)
    }

    const begin = (register: string, operation: Operation) => {
      if (operation.kind === 'read') nnar.read(register)
      else nnar.write(register, operation.value)
    }

    const submit = (register: string, operation: Operation) => {
      open(register)
      const operations = state.operations.get(register)
      if (operations !== undefined) operations.push(operation)
      else {
        const own = new LinkedQueue<Operation>()
        own.push(operation)
        state.operations.set(register, own)
        begin(register, operation)
      }
    }

    const beginNext = (register: string) => {
      const operations = state.operations.get(register)
      operations?.shift()
      const next = operations?.first
      if (next === undefined) state.operations.delete(register)
      else begin(register, next)
    }

    const openTopic = (topic: string) => {
      if (uc.has(topic)) return
      if (!state.decided.has(topic)) {
        state.undecided.add(topic)
        app.undecided(state.undecided.size)
      }
      uc.create(topic)
    }

    upon(app.broadcast, (value) => beb.broadcast({ kind: 'APP_VALUE', value }))
    upon(beb.deliver, 'APP_VALUE', (p, { value }) => app.deliver(p, value))

    upon(app.write, (register, value) => submit(register, { kind: 'write', value }))
    upon(app.read, (register) => submit(register, { kind: 'read' }))
    upon(app.openRegister, open)

    upon(nnar.writeReturn, (register) => {
      app.writeReturn(register)
      beginNext(register)
    })

    upon(nnar.readReturn, (register, value) => {
      app.readReturn(register, value)
      beginNext(register)
    })

    upon(app.propose, (topic, value) => {
      openTopic(topic)
      if (state.proposed.has(topic)) app.proposedAlready(topic)
      else {
        state.proposed.add(topic)
        uc.propose(topic, value)
      }
    })
    upon(app.openTopic, openTopic)
    upon(app.closeTopic, (topic) => {
      if (state.decided.has(topic)) uc.dispose(topic)
    })

    upon(uc.decide, (topic, value) => {
      state.undecided.delete(topic)
      state.decided.add(topic)
      app.decide(topic, value)
      app.undecided(state.undecided.size)
    })
  },
)
