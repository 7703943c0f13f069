import { shown } from '@upon/trace'

/** One variable of an instance, before and after what happened last. */
export interface Variable {
  readonly name: string
  readonly before: string
  readonly after: string
  readonly isChanged: boolean
}

const LIMIT = 160

/** A value as the book writes it: sets in braces, ∅, ⊥. */
export function bookValue(value: unknown): string {
  const text = written(value, 0)
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text
}

function written(value: unknown, depth: number): string {
  if (value === undefined || value === null) return '⊥'
  if (depth > 6) return '…'
  const inner = (each: unknown) => written(each, depth + 1)
  if (value instanceof Set) return value.size === 0 ? '∅' : `{${[...value].map(inner).join(', ')}}`
  if (value instanceof Map) {
    const pairs = [...value].map(([key, each]) => [inner(key), inner(each)] as const).filter(([, text]) => text !== '∅')
    return pairs.length === 0 ? '∅' : `{${pairs.map(([key, text]) => `${key}: ${text}`).join(', ')}}`
  }
  if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`
  if (typeof value !== 'object') return typeof value === 'string' ? value : shown(value)
  const fields = Object.entries(value).map(([name, each]) => [name, inner(each)] as const)
  return fields.length === 0 ? '∅' : `(${fields.map(([name, text]) => `${name} ${text}`).join(', ')})`
}

/** The variables of an instance, under the names that the code has from the book. */
export function variablesOf(before: object | undefined, after: object | undefined): Variable[] {
  const names = Object.keys(after ?? before ?? {})
  return names.map((name) => {
    const was = before === undefined ? '' : bookValue((before as Record<string, unknown>)[name])
    const is = after === undefined ? '' : bookValue((after as Record<string, unknown>)[name])
    return { name, before: was, after: is, isChanged: was !== is }
  })
}
