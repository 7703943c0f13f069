import type { Abstraction, Module, Use } from '@upon/contract'
import type { Arity, Instance } from './instance'
import type { ProcessContext } from './process-context'
import { CheckedToken, type Handler, Token } from './token'

/** What a user sees of an instance: triggers for its requests, tokens for its indications, and its queries. */
export function connect(instance: Instance, user: Instance, context: ProcessContext, { accepts }: Use): Record<string, Handler | Token> {
  const port: Record<string, Handler | Token> = { ...requestTriggers(instance), ...queryCalls(instance, context) }
  instance.arities.indications.forEach((arity, i) => {
    const token = tokenOf(instance.abstraction, arity, instance.path, accepts, context)
    port[token.name] = token
    instance.subscribe(user, i, token)
  })
  return port
}

/** The token of an indication, which holds the user's handlers. It checks messages if the use says so. */
export function tokenOf(
  abstraction: Abstraction<Module> | undefined,
  [name, attributes]: Arity,
  path: string,
  accepts: Use['accepts'],
  { malformed }: ProcessContext,
): Token {
  const last = (abstraction?.indications as Readonly<Record<string, readonly string[]>> | undefined)?.[name]?.at(-1)
  if (accepts === undefined || last !== 'm') return new Token(name, attributes)
  return new CheckedToken(name, attributes, { accepts, refuse: (message) => malformed(path, message) })
}

/** Triggers for the requests of an instance. */
export function requestTriggers(instance: Instance): Record<string, Handler> {
  const triggers: Record<string, Handler> = {}
  const { requests } = instance
  for (let i = 0; i < requests.length; i++) triggers[(requests[i] as Token).name] = instance.requestTrigger(i)
  return triggers
}

/** The queries of an instance, which its port answers at once. */
export function queryCalls(instance: Instance, { queried }: ProcessContext): Record<string, (...attributes: unknown[]) => unknown> {
  const calls: Record<string, (...attributes: unknown[]) => unknown> = {}
  for (const [name, arity] of instance.arities.queries)
    calls[name] = (...attributes) => {
      const answer = instance.answers?.[name]?.(...attributes)
      if (instance.observed) queried(instance, name, [...Array.from({ length: arity }, (_, i) => attributes[i]), answer])
      return answer
    }
  return calls
}

/** Adds triggers for the indications of an instance. */
export function addIndications(to: Record<string, Handler | Token>, instance: Instance): void {
  const { indications } = instance.arities
  for (let i = 0; i < indications.length; i++) to[(indications[i] as Arity)[0]] = instance.indicationTrigger(i)
}

/** An instance's own module from inside: tokens for the requests, triggers for the indications. */
export function inside(instance: Instance): object {
  const port: Record<string, Handler | Token> = {}
  for (const token of instance.requests) port[token.name] = token
  addIndications(port, instance)
  return port
}
