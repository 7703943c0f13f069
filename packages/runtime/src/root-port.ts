import {
  type Abstraction,
  anyLayer,
  type Layer,
  type Module,
  misuse,
  type ProcessId,
  printable,
  stackOf,
  type Transport,
} from '@upon/contract'
import { OverloadedError, refusedBy, refusedValue } from './errors'
import type { Arity, Instance } from './instance'
import { LastingIndications } from './lasting'
import { described } from './misuse'
import { PortToken, type TokenHost } from './port-token'
import type { Supplied } from './process-context'
import type { Handler } from './token'

/** What a process provides to the ports of its application. */
export interface PortHost extends TokenHost {
  readonly process: { readonly self: ProcessId }
  /** Throws if the process has ended. */
  admit(what: string): void
  isMember(p: unknown): boolean
}

/** What a face knows about a port. */
export interface PortFacts {
  readonly process: object
  readonly path: string
  /** The name of its module. */
  readonly module: string
  /** The transports below the port. */
  readonly transports: readonly Transport<Module>[]
  /** The face for which the port's requests are reserved. */
  face?: object
}

/** Where a port has its facts: the same symbol in every copy of this package. */
const FACTS = Symbol.for('upon.port')

export const factsOf = (port: object): PortFacts | undefined => (port as { readonly [FACTS]?: PortFacts })[FACTS]

/**
 * The port of an instance for the application. It checks each request at the call: the process has not ended, there is room, and the
 * values can travel. It keeps indications until there is a handler.
 */
export function openRootPort(
  instance: Instance,
  environment: Instance,
  host: PortHost,
  transports: readonly Transport<Module>[],
  queries: Readonly<Record<string, Handler>>,
) {
  const { path, abstraction, arities } = instance
  const port: Record<string, Handler | PortToken> = Object.assign(Object.create(withNames(path, abstraction)), queries)
  const lasting = abstraction === undefined ? undefined : LastingIndications.of(abstraction)
  arities.requests.forEach((arity, i) => {
    const what = `${path}.${arity[0]}`
    const refuses = (abstraction?.refuses as Refusals | undefined)?.[arity[0]]
    const once = (abstraction?.once as Readonly<Record<string, string>> | undefined)?.[arity[0]]
    const checked = toMembers(what, abstraction, arity, host, guarded(what, arity, instance.requestTrigger(i), host, transports))
    const trigger = refuses === undefined ? checked : refusing(what, refuses, checked)
    port[arity[0]] = once === undefined ? trigger : taking(what, once, trigger)
  })
  arities.indications.forEach(([name, attributes], i) => {
    const token = new PortToken(name, attributes, host, lasting?.concerns(name) === true ? lasting : undefined)
    token.edge = instance.subscribe(environment, i, token)
    port[name] = token
  })
  const facts: PortFacts = { process: host.process, path, module: abstraction?.name ?? '', transports }
  return Object.defineProperty(port, FACTS, { value: facts })
}

/** Names that programs read from any object to find out what it is. */
const ASKED_OF_ALL = new Set([
  'then',
  'toJSON',
  'asymmetricMatch',
  'nodeType',
  'tagName',
  'inspect',
  '$$typeof',
  '@@__IMMUTABLE_ITERABLE__@@',
])

/** Throws for a name that the module of a port does not have, and lists the names that it has. */
function withNames(path: string, abstraction: Abstraction<Module> | undefined): object {
  const { name = '', requests = {}, indications = {}, queries = {} } = abstraction ?? {}
  const names = Object.keys({ ...requests, ...queries, ...indications }).join(', ') || 'no event'
  return new Proxy(Object.prototype, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || ASKED_OF_ALL.has(key)) return Reflect.get(target, key, receiver)
      throw misuse(`${path}: a ${name} has no '${printable(key)}', but ${names}`)
    },
  })
}

/** Allows a request once per instance. Without the error, the instance would silently ignore the second one. */
function taking(what: string, why: string, trigger: Handler): Handler {
  let isTaken = false
  return (a, b, c, d) => {
    if (isTaken) throw refusedBy(what, why)
    trigger(a, b, c, d)
    isTaken = true
  }
}

/** Checks `q`, by the book's name the destination of a message. Without the error, a message to an unknown process would be lost silently. */
function toMembers(what: string, abstraction: Abstraction<Module> | undefined, [name]: Arity, host: PortHost, trigger: Handler): Handler {
  const [first] = ((abstraction?.requests as Names | undefined)?.[name] ?? []) as readonly string[]
  if (first !== 'q') return trigger
  return (q, b, c, d) => {
    if (!host.isMember(q)) throw misuse(`${what}: expected a process of this system, found ${described(q)}`)
    trigger(q, b, c, d)
  }
}

type Names = Readonly<Record<string, readonly string[]>>
type Refusals = Readonly<Record<string, (...attributes: readonly unknown[]) => string | undefined>>

/** Throws if the module refuses the value of a request. */
function refusing(what: string, refuses: Refusals[string], trigger: Handler): Handler {
  return (a, b, c, d) => {
    const why = refuses(a, b, c, d)
    if (why !== undefined) throw refusedBy(what, why)
    trigger(a, b, c, d)
  }
}

function guarded(what: string, [, attributes]: Arity, trigger: Handler, host: PortHost, transports: readonly Transport<Module>[]): Handler {
  return (a, b, c, d) => {
    host.admit(what)
    for (const transport of transports) {
      if (transport.pressure?.isOverfull === true) throw new OverloadedError(host.process.self, what)
      if (transport.check === undefined) continue
      try {
        if (attributes > 0) transport.check(a)
        if (attributes > 1) transport.check(b)
        if (attributes > 2) transport.check(c)
        if (attributes > 3) transport.check(d)
      } catch (error) {
        throw refusedValue(what, error)
      }
    }
    trigger(a, b, c, d)
  }
}

/** The transports below a layer. */
export function transportsBelow(layer: Layer<Module>, supplied: Supplied): readonly Transport<Module>[] {
  const given = [anyLayer(layer), ...stackOf(layer).map((below) => below.layer)].map((each) =>
    each.sort === 'abstraction' ? supplied.get(each.name) : each,
  )
  return [...new Set(given.filter((each) => each?.sort === 'transport'))]
}
