import type { Instance } from './instance'

/** The states of an instance and of those below it, by their paths: live. */
export function statesOf(from: Instance | undefined): Record<string, object> {
  const states: Record<string, object> = {}
  const add = ({ path, state, children }: Instance) => {
    if (path !== '') states[path] = state
    for (const child of children) add(child)
  }
  if (from !== undefined) add(from)
  return states
}

/** The states of an instance and of those below it, and which of these have halted. */
export function configurationOf(from: Instance): Record<string, object> {
  const instances: Record<string, object> = {}
  const add = ({ path, state, halted, children }: Instance) => {
    instances[path] = { state, halted }
    for (const child of children) add(child)
  }
  add(from)
  return instances
}
