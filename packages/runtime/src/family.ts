import { type Index, type Layer, type Many, type Module, misuse } from '@upon/contract'
import { Edge, type Handler, Token } from './edge'
import { arities, Instance, toToken } from './instance'
import { indexOfText, indexText } from './paths'
import type { FamilyRoute } from './router'
import { moduleOf } from './same-layer'
import { type Join, requestTriggers, type Wiring } from './wiring'

interface Member {
  readonly instance: Instance
  readonly triggers: Record<string, Handler>
}

/** A family of instances as its user sees it. */
export function family(wiring: Wiring, many: Many<Layer<Module>, Index>, path: string, user: Instance): object {
  const { router, enqueue, areIndexesEscaped } = wiring.home
  const { requests, indications } = arities(moduleOf(many.layer))
  const isIncreasing = many.order === 'increasing'
  const members = new Map<Index, Member>()
  const tokens = indications.map(toToken)
  const missing = new Token('missing', 1)
  const missed = new Edge(missing, user, new Instance(path, undefined, undefined, enqueue), 'indication', undefined)
  const demand = (text: string) => {
    if (missing.handler === undefined) return
    const index = isIncreasing ? Number(text) : areIndexesEscaped ? indexOfText(text) : text
    if (!members.has(index)) enqueue(missed, index, undefined, undefined, undefined)
  }
  const route: FamilyRoute = { path, lowest: 0, has: (index) => members.has(index), demand }
  router.openFamily(route)
  user.onEnd(() => router.closeFamily(route))

  const join: (index: Index) => Join = (index) => (instance) => {
    for (let i = 0; i < tokens.length; i++) instance.subscribe(user, i, tokens[i] as Token, index)
  }
  const create = (index: Index, parameters: unknown) => {
    if (members.has(index)) throw new RangeError(`there is an instance ${path}[${index}] already`)
    if (isIncreasing) advance(route, index)
    const instance = wiring.instantiate(
      many.layer,
      `${path}[${areIndexesEscaped ? indexText(index) : index}]`,
      user,
      join(index),
      parameters,
    )
    members.set(index, { instance, triggers: requestTriggers(instance) })
    if (isIncreasing) router.advance(route, index as number)
  }
  const dispose = (index: Index) => {
    const member = members.get(index)
    if (member === undefined) return
    member.instance.dispose()
    members.delete(index)
    if (!isIncreasing) return
    router.ended(route, index as number)
    router.advance(route, (index as number) + 1)
  }
  const request = (name: string) => (index: Index, a: unknown, b: unknown, c: unknown, d: unknown) => {
    const member = members.get(index)
    if (member === undefined) throw new RangeError(`${name}: there is no instance ${path}[${index}]`)
    member.triggers[name]?.(a, b, c, d)
  }
  const port: Record<string, unknown> = { missing }
  for (const token of tokens) port[token.name] = token
  for (const [name] of requests) port[name] = request(name)
  return Object.assign(port, { create, dispose, has: (index: Index) => members.has(index) })
}

function advance({ path, lowest }: FamilyRoute, index: Index): void {
  if (!Number.isSafeInteger(index) || (index as number) < 0)
    throw misuse(`${path}[${index}]: the index of an increasing family is a whole number from 0 on`)
  if ((index as number) < lowest) throw new RangeError(`${path}[${index}]: instances here are made in increasing order, now from ${lowest}`)
}
