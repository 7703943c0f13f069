import {
  type Abstraction,
  type Algorithm,
  type Index,
  type Layer,
  type Many,
  type Module,
  misuse,
  type Port,
  type ProcessId,
  type Shared,
  type Transport,
  type Upon,
  type Use,
} from '@upon/contract'
import { type Handler, Token } from './edge'
import { family } from './family'
import { type Arity, type Enqueue, Instance, type Observes } from './instance'
import { react } from './port-token'
import type { Router } from './router'
import { type AnyLayer, isSameLayer, isSameModule, moduleOf } from './same-layer'

/** What the host supplies, by the name of the module. */
export type Supplied = ReadonlyMap<string, Port<Module> | Transport<Module>>

/** What the process knows about itself, for every instance in it. */
export interface Home {
  readonly self: ProcessId
  readonly processes: readonly ProcessId[]
  readonly rank: (p: ProcessId) => number
  readonly enqueue: Enqueue
  readonly observes: Observes
  readonly router: Router
  readonly supplied: Supplied
  readonly areIndexesEscaped: boolean
  readonly resume: (path: string) => object | undefined
}

/** Makes instances and connects them, down to the ports of the host. */
export class Wiring {
  /** The shared instances by their names, each with the layer that it was made of. */
  readonly #shared = new Map<string, { readonly layer: Layer<Module>; readonly instance: Instance }>()

  constructor(
    readonly home: Home,
    readonly root: Instance,
  ) {}

  /** Makes an instance of `layer` with all that it uses, and runs its ⟨Init⟩. `join` connects its user before that. */
  instantiate(layer: Layer<Module>, path: string, parent: Instance, join: Join, parameters?: unknown): Instance {
    const made = layer as AnyLayer
    switch (made.sort) {
      case 'abstraction':
        return this.instantiate(this.#supplied(made, path), path, parent, join, parameters)
      case 'port':
        return this.#openPort(made, path, parent, join, parameters)
      case 'transport':
        return this.#openLink(made, path, parent, join)
      case 'algorithm':
        return this.#start(made, path, parent, join, parameters)
    }
  }

  #supplied(abstraction: Abstraction<Module>, path: string): Layer<Module> {
    const layer = this.home.supplied.get(abstraction.name)
    if (layer === undefined)
      throw misuse(`${path}: nothing gives ${abstraction.name}; supply it to the process or put an algorithm in its place`)
    const given = moduleOf(layer)
    if (!isSameModule(given, abstraction))
      throw misuse(`${path}: the ${abstraction.name} supplied has other events: there are two versions of @upon/contract here`)
    return layer
  }

  #openPort(port: Port<Module>, path: string, parent: Instance, join: Join, parameters: unknown): Instance {
    const { self, processes, enqueue, observes } = this.home
    const instance = new Instance(path, port.abstraction, parent, enqueue, observes)
    join(instance)
    const indicate: Record<string, Handler> = {}
    addIndications(indicate, instance)
    const service = port.open({ path, self, processes, parameters, indicate: indicate as never })
    for (const token of instance.requests) token.add(undefined, (service.upon as Record<string, Handler>)[token.name] as Handler)
    if (service.close !== undefined) instance.onEnd(() => service.close?.())
    return instance
  }

  #openLink(transport: Transport<Module>, path: string, parent: Instance, join: Join): Instance {
    const { self, enqueue, observes, router } = this.home
    const instance = new Instance(path, transport.guarantees, parent, enqueue, observes)
    join(instance)
    const deliver = instance.indicationTrigger(indexOf(instance.arities.indications, 'deliver')) as (
      from: ProcessId,
      message: unknown,
    ) => void
    const send = (to: ProcessId, message: unknown) => {
      if (to === self) deliver(self, message)
      else transport.send(to, path, message)
    }
    instance.requests[indexOf(instance.arities.requests, 'send')]?.add(undefined, send as Handler)
    router.open(path, deliver)
    instance.onEnd(() => router.close(path))
    return instance
  }

  #start(algorithm: Algorithm<Module>, path: string, parent: Instance, join: Join, parameters: unknown): Instance {
    const { self, processes, rank, enqueue, observes, resume } = this.home
    const instance = new Instance(path, algorithm.abstraction, parent, enqueue, observes)
    try {
      join(instance)
      const { options } = algorithm
      instance.state = resume(path) ?? algorithm.state({ self, processes, rank, parameters, options })
      const { state } = instance
      const context: Record<string, unknown> = new Context(instance, self, processes, rank, parameters, options, state) as never
      context[algorithm.instance] = inside(instance)
      for (const name in algorithm.uses) context[name] = this.#use(algorithm.uses[name] as Use, name, instance)
      algorithm.behaviour(context as never)
      instance.settle()
      return instance
    } catch (error) {
      instance.dispose() // half an instance is none
      throw error
    }
  }

  #use(use: Use, name: string, user: Instance): object {
    const sort = 'sort' in use ? use.sort : undefined
    if (sort === 'many') return family(this, use as Many<Layer<Module>, Index>, `${user.path}.${name}`, user)
    if (sort === 'shared') {
      const { layer, name: own = name } = use as Shared<Layer<Module>>
      if (!this.#isPort(layer as AnyLayer)) return this.#share(layer, own, user)
    }
    const layer = sort === 'shared' ? (use as Shared<Layer<Module>>).layer : (use as Layer<Module>)
    let port: object = {}
    this.instantiate(layer, `${user.path}.${name}`, user, (instance) => {
      port = connect(instance, user)
    })
    return port
  }

  #isPort(layer: AnyLayer): boolean {
    return (layer.sort === 'abstraction' ? this.home.supplied.get(layer.name) : layer)?.sort === 'port'
  }

  /** The process's one instance of `layer`, which stands at the root of the tree; its first user has it made. */
  #share(layer: Layer<Module>, name: string, user: Instance): object {
    const shared = this.#shared.get(name)
    if (shared === undefined ? this.root.hasChild(name) : !isSameLayer(shared.layer, layer))
      throw misuse(
        `${user.path}: there is an instance ${name} already, of another layer or with other settings; give one of them a name of its own: ` +
          `shared(X, 'name')`,
      )
    const provider = shared?.instance ?? this.instantiate(layer, name, this.root, () => {})
    if (shared === undefined) this.#shared.set(name, { layer, instance: provider })
    const port = connect(provider, user)
    user.onEnd(() => provider.leave(user))
    provider.welcome(user)
    return port
  }
}

/** Connects a user to an instance before its ⟨Init⟩, so that it misses nothing. */
export type Join = (instance: Instance) => void

/** What a user sees of an instance: triggers for its requests, tokens for its indications. */
export function connect(instance: Instance, user: Instance): Record<string, Handler | Token> {
  const port: Record<string, Handler | Token> = requestTriggers(instance)
  const { indications } = instance.arities
  for (let i = 0; i < indications.length; i++) {
    const [name, attributes] = indications[i] as Arity
    const token = new Token(name, attributes)
    port[name] = token
    instance.subscribe(user, i, token)
  }
  return port
}

export function requestTriggers(instance: Instance): Record<string, Handler> {
  const triggers: Record<string, Handler> = {}
  const { requests } = instance
  for (let i = 0; i < requests.length; i++) triggers[(requests[i] as Token).name] = instance.requestTrigger(i)
  return triggers
}

function addIndications(to: Record<string, Handler | Token>, instance: Instance): void {
  const { indications } = instance.arities
  for (let i = 0; i < indications.length; i++) to[(indications[i] as Arity)[0]] = instance.indicationTrigger(i)
}

const indexOf = (events: readonly Arity[], event: string) => events.findIndex(([name]) => name === event)

/** What every algorithm has around it; the ports are added. Control forms are made for those who ask for them. */
class Context {
  readonly #instance: Instance
  readonly upon = react as Upon

  constructor(
    instance: Instance,
    readonly self: ProcessId,
    readonly processes: readonly ProcessId[],
    readonly rank: (p: ProcessId) => number,
    readonly parameters: unknown,
    readonly options: unknown,
    readonly state: object,
  ) {
    this.#instance = instance
  }

  get when() {
    return (condition: () => boolean, action: () => void) => this.#instance.addRule({ condition, action })
  }

  get welcome() {
    return (action: () => void) => {
      this.#instance.greeting = action
    }
  }

  get halt() {
    return () => {
      this.#instance.halted = true
    }
  }
}

/** An instance's own module from inside: tokens for the requests, triggers for the indications. */
function inside(instance: Instance): object {
  const port: Record<string, Handler | Token> = {}
  for (const token of instance.requests) port[token.name] = token
  addIndications(port, instance)
  return port
}

/** The book's name of an instance of a layer: `beb`. */
export function instanceOf(layer: Layer<Module>): string {
  const made = layer as AnyLayer
  return made.sort === 'algorithm' ? made.instance : moduleOf(made).instance
}
