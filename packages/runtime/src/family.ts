import { type Index, misuse, moduleOf, type ProcessId, type Use } from '@upon/contract'
import { queryCalls, requestTriggers, tokenOf } from './connections'
import { Edge } from './edge'
import { arities, Instance } from './instance'
import { eachText, indexOfText, indexText, memberText } from './paths'
import type { Maker } from './process-context'
import type { FamilyRoute } from './router'
import { type Handler, Token } from './token'

interface Member {
  readonly instance: Instance
  /** Its requests and queries. */
  readonly calls: Readonly<Record<string, (...attributes: unknown[]) => unknown>>
}

/** How a family writes its indexes in paths and as keys. */
interface Indexes {
  /** As a key of a Map. */
  key(index: Index): string | number
  text(index: Index): string
  /** The number that increases. */
  number(index: Index): number
  /** The index of the member that a path leads to; nothing if it leads to no member. */
  of(path: string): Index | undefined
}

/** A family of instances as its user sees it. */
export function family(maker: Maker, use: Use, path: string, user: Instance): object {
  const { context } = maker
  const { router, enqueue, areIndexesEscaped } = context
  const module = moduleOf(use.layer)
  const { requests, indications, queries } = arities(module)
  const isIncreasing = use.sharing === 'increasing'
  const indexes = use.isEach ? ofTwo(path) : ofOne(path, isIncreasing, areIndexesEscaped)
  const members = new Map<string | number, Member>()
  /** Of those with the lowest number, the ones that no longer exist. */
  const ended = new Set<string | number>()
  const tokens = indications.map((arity) => tokenOf(module, arity, path, use.accepts, context))
  const missing = new Token('missing', 1)
  const missed = new Edge(missing, user, new Instance(path, undefined, undefined, enqueue), 'indication', undefined)
  const route: FamilyRoute = {
    path,
    lowest: 0,
    isPast: (number, below) => {
      const index = indexes.of(below)
      const key = index === undefined ? number : indexes.key(index)
      return !members.has(key) && (number < route.lowest || ended.has(key))
    },
    demand: (below) => {
      const index = missing.handler === undefined ? undefined : indexes.of(below)
      if (index === undefined || members.has(indexes.key(index))) return index !== undefined
      enqueue(missed, index, undefined, undefined, undefined)
      return true
    },
  }
  router.openFamily(route)
  user.onEnd(() => router.closeFamily(route))

  const advance = (number: number) => {
    if (number > route.lowest) ended.clear()
    router.advance(route, number)
  }
  const create = (index: Index, parameters: unknown, among?: readonly ProcessId[]) => {
    const key = indexes.key(index)
    const own = `${path}[${indexes.text(index)}]`
    if (members.has(key)) throw new RangeError(`there is already an instance ${own}`)
    if (isIncreasing) checkNext(own, indexes.number(index), route.lowest, ended.has(key))
    const join = (instance: Instance) => {
      for (let i = 0; i < tokens.length; i++) instance.subscribe(user, i, tokens[i] as Token, index)
    }
    const instance = maker.instantiate(use.layer, own, user, { join, parameters, members: among })
    members.set(key, { instance, calls: { ...requestTriggers(instance), ...queryCalls(instance, context) } })
    if (isIncreasing) advance(indexes.number(index))
  }
  const dispose = (index: Index) => {
    const key = indexes.key(index)
    const member = members.get(key)
    if (member === undefined) return
    member.instance.dispose()
    members.delete(key)
    if (!isIncreasing) return
    const number = indexes.number(index)
    if (use.isEach && number === route.lowest) ended.add(key)
    if (use.isEach) router.ended(route, number, (below) => route.isPast(number, below))
    else {
      router.ended(route, number)
      advance(number + 1)
    }
  }
  const port: Record<string, unknown> = { missing }
  for (const token of tokens) port[token.name] = token
  for (const [name] of [...requests, ...queries]) port[name] = callTo(name, path, members, indexes)
  return Object.assign(port, { create, dispose, has: (index: Index) => members.has(indexes.key(index)) })
}

/** A request or a query of the members. */
const callTo =
  (name: string, path: string, members: ReadonlyMap<string | number, Member>, indexes: Indexes) =>
  (index: Index, a: unknown, b: unknown, c: unknown, d: unknown) => {
    const member = members.get(indexes.key(index))
    if (member === undefined) throw new RangeError(`${name}: there is no instance ${path}[${indexes.text(index)}]`)
    return (member.calls[name] as Handler)(a, b, c, d)
  }

function ofOne(path: string, isIncreasing: boolean, areEscaped: boolean): Indexes {
  return {
    key: (index) => index as string | number,
    text: (index) => (areEscaped ? indexText(index as string | number) : String(index)),
    number: (index) => index as number,
    of: (below) => {
      const text = memberText(path, below)
      if (text === undefined) return undefined
      return isIncreasing ? Number(text) : areEscaped ? indexOfText(text) : text
    },
  }
}

function ofTwo(path: string): Indexes {
  const text = (index: Index) => eachText(index as readonly [number, string])
  return {
    key: text,
    text,
    number: (index) => (index as readonly [number, string])[0],
    of: (below) => {
      const first = memberText(path, below)
      const second = first === undefined ? undefined : memberText(`${path}[${first}]`, below)
      return second === undefined ? undefined : [Number(first), indexOfText(second)]
    },
  }
}

function checkNext(path: string, number: number, lowest: number, isEnded: boolean): void {
  if (!Number.isSafeInteger(number) || number < 0) throw misuse(`${path}: the index of an increasing family is a whole number from 0 on`)
  if (number < lowest || isEnded)
    throw new RangeError(`${path}: instances of this family are made in increasing order; the lowest possible is now ${lowest}`)
}
