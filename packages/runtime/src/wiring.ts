import {
  type Abstraction,
  type Algorithm,
  anyLayer,
  type Layer,
  type Module,
  misuse,
  moduleOf,
  mostFaulty,
  type Port,
  type ProcessId,
  type Transport,
  type Use,
} from '@upon/contract'
import { checkAssumptions, checkMembers } from './assumptions'
import { addIndications, connect, inside } from './connections'
import { contextOf } from './context'
import { family } from './family'
import { type Arity, Instance } from './instance'
import type { Maker, Making, ProcessContext } from './process-context'
import { isSameLayer, isSameModule } from './same-layer'
import type { Handler } from './token'

interface SharedInstance {
  readonly layer: Layer<Module>
  readonly instance: Instance
}

/** Makes instances and connects them, down to the ports of the host. */
export class Wiring implements Maker {
  /** The shared instances of each scope by their names. */
  readonly #shared = new WeakMap<Instance, Map<string, SharedInstance>>()

  constructor(readonly context: ProcessContext) {}

  instantiate(layer: Layer<Module>, path: string, parent: Instance, making: Making): Instance {
    const made = anyLayer(layer)
    switch (made.sort) {
      case 'abstraction':
        return this.instantiate(this.#supplied(made, path), path, parent, making)
      case 'port':
        return this.#openPort(made, path, parent, making)
      case 'transport':
        return this.#openLink(made, path, parent, making)
      case 'algorithm':
        return this.#start(made, path, parent, making)
    }
  }

  #supplied(abstraction: Abstraction<Module>, path: string): Layer<Module> {
    const layer = this.context.supplied.get(abstraction.name)
    if (layer === undefined)
      throw misuse(`${path}: nothing gives ${abstraction.name}; supply it to the process, or use an algorithm instead`)
    if (!isSameModule(moduleOf(layer), abstraction))
      throw misuse(`${path}: the ${abstraction.name} supplied has other events: there are two versions of @upon/contract here`)
    return layer
  }

  #instance(path: string, abstraction: Abstraction<Module>, parent: Instance, { members }: Making): Instance {
    const { enqueue, observes, self } = this.context
    const among = members === undefined ? undefined : checkMembers(path, members, parent.members, self)
    const instance = new Instance(path, abstraction, parent, enqueue, observes)
    if (among !== undefined) {
      instance.members = among
      instance.scope = instance
    }
    return instance
  }

  #openPort(port: Port<Module>, path: string, parent: Instance, making: Making): Instance {
    const { self } = this.context
    const instance = this.#instance(path, port.abstraction, parent, making)
    making.join(instance)
    const indicate: Record<string, Handler> = {}
    addIndications(indicate, instance)
    const { members: processes } = instance
    const service = port.open({ path, self, processes, parameters: making.parameters, indicate: indicate as never })
    const upon = service.upon as Readonly<Record<string, Handler>>
    for (const token of instance.requests) token.add(undefined, upon[token.name] as Handler)
    instance.answers = upon
    if (service.close !== undefined) instance.onEnd(() => service.close?.())
    return instance
  }

  #openLink(transport: Transport<Module>, path: string, parent: Instance, making: Making): Instance {
    const { self, router, malformed } = this.context
    const instance = this.#instance(path, transport.guarantees, parent, making)
    making.join(instance)
    const indication = indexOf(instance.arities.indications, 'deliver')
    const deliver = instance.indicationTrigger(indication) as (from: ProcessId, message: unknown) => void
    const send = (to: ProcessId, message: unknown) => {
      if (to === self) deliver(self, message)
      else transport.send(to, path, message)
    }
    instance.requests[indexOf(instance.arities.requests, 'send')]?.add(undefined, send as Handler)
    const { members, scope } = instance
    const deliverOfMembers = (from: ProcessId, message: unknown) => {
      if (members.includes(from)) deliver(from, message)
      else malformed(path, message)
    }
    router.open(path, scope.parent === undefined ? deliver : deliverOfMembers)
    instance.onEnd(() => router.close(path))
    return instance
  }

  #start(algorithm: Algorithm<Module>, path: string, parent: Instance, making: Making): Instance {
    const { abstraction, options, assumes } = algorithm
    const instance = this.#instance(path, abstraction, parent, making)
    instance.algorithm = algorithm.name
    if (this.context.observesRules(abstraction.name, path)) instance.fires = (rule, action) => this.context.fired(instance, rule, action)
    try {
      const { members, scope } = instance
      if (scope.parent === undefined) checkAssumptions(path, algorithm, members.length, this.context)
      making.join(instance)
      const most = mostFaulty(assumes.resilience, members.length)
      const f = Math.min(most, this.context.f ?? most)
      const context = contextOf(instance, this.context, f, making.parameters, options)
      context.state = instance.state = this.context.resume(path) ?? algorithm.state(context as never)
      context[algorithm.instance] = inside(instance)
      for (const name in algorithm.uses) context[name] = this.#use(algorithm.uses[name] as Use, name, instance)
      if (instance.fires === undefined) algorithm.behaviour(context as never)
      else instance.fires('Init', () => algorithm.behaviour(context as never))
      instance.settle()
      return instance
    } catch (error) {
      instance.dispose() // half an instance is none
      throw error
    }
  }

  #use(use: Use, name: string, user: Instance): object {
    const { sharing, layer } = use
    if (sharing === 'many' || sharing === 'increasing') {
      this.#startShared(layer, user)
      return family(this, use, `${user.path}.${name}`, user)
    }
    if (sharing === 'shared' && !this.#isPort(layer)) return this.#share(use, use.name ?? name, user)
    let port: object = {}
    const join = (instance: Instance) => {
      port = connect(instance, user, this.context, use)
    }
    this.instantiate(layer, `${user.path}.${name}`, user, { join })
    return port
  }

  #isPort(layer: Layer<Module>): boolean {
    const made = anyLayer(layer)
    return (made.sort === 'abstraction' ? this.context.supplied.get(made.name) : made)?.sort === 'port'
  }

  /** The one instance of a layer that serves a scope, at the root of that scope. It is made for its first user. */
  #provider(use: Use, name: string, user: Instance): Instance {
    const { scope } = user
    const path = scope.path === '' ? name : `${scope.path}.${name}`
    const all = this.#shared.get(scope) ?? new Map<string, SharedInstance>()
    this.#shared.set(scope, all)
    const known = all.get(name)
    if (known === undefined ? scope.hasChild(path) : !isSameLayer(known.layer, use.layer))
      throw misuse(
        `${user.path}: there is already an instance ${path}, of another layer or with other settings; give one of them a name of its own: ` +
          `shared(X, 'name')`,
      )
    if (known !== undefined) return known.instance
    const instance = this.instantiate(use.layer, path, scope, { join: (made) => made.remember() })
    all.set(name, { layer: use.layer, instance })
    return instance
  }

  /** Starts the layers that the members of a family will share. A detector that starts only with the first member answers late, and other processes would detect a crash. */
  #startShared(layer: Layer<Module>, user: Instance): void {
    const given = anyLayer(layer)
    const isSupplied = given.sort === 'abstraction' && this.context.supplied.has(given.name)
    const made = isSupplied ? anyLayer(this.#supplied(given, user.path)) : given
    if (made.sort !== 'algorithm') return
    for (const [name, use] of Object.entries<Use>(made.uses)) {
      if (use.sharing === 'shared' && !this.#isPort(use.layer)) this.#provider(use, use.name ?? name, user)
      else this.#startShared(use.layer, user)
    }
  }

  #share(use: Use, name: string, user: Instance): object {
    const provider = this.#provider(use, name, user)
    const port = connect(provider, user, this.context, use)
    user.onEnd(() => provider.leave(user))
    provider.replay(user)
    return port
  }
}

const indexOf = (events: readonly Arity[], event: string) => events.findIndex(([name]) => name === event)

/** The book's name of an instance of a layer: `beb`. */
export function instanceOf(layer: Layer<Module>): string {
  const made = anyLayer(layer)
  return made.sort === 'algorithm' ? made.instance : moduleOf(made).instance
}
