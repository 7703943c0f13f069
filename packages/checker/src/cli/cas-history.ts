import {
  linearizableObject,
  type ObjectOperation,
  type Operation,
  type RegisterInput,
  registerModel,
  type Verdict,
} from '@upon/linearizability'
import type { FileOperation, FileValue } from './history-file'

/**
 * Decides the history of a register with compare-and-swap. `history` and the verdict have the operations as pictures show them; `textOf` is the text of one
 * for people.
 */
export function decideCas(
  operations: readonly FileOperation[],
  history: readonly Operation<FileValue>[],
  limitMs: number,
  textOf: (operation: Operation<FileValue>) => string,
): Verdict<FileValue> {
  const objects = operations.map(objectOperation)
  const places = new Map(objects.map((operation, i) => [operation, i]))
  const asPictured = (operation: object) => history[places.get(operation as RegisterOperation) as number] as Operation<FileValue>
  const verdict = linearizableObject(registerModel<FileValue>(), objects.filter(matters(objects)), { limitMs })
  if (verdict.outcome === 'undecided') return verdict
  if (verdict.outcome === 'linearizable') {
    let value: FileValue
    const order = verdict.order.map(({ operation, atMs }) => {
      const { input, output } = operation
      if (input.kind === 'write' || (input.kind === 'cas' && output !== false && input.expected === value)) value = input.value
      return { operation: asPictured(operation), value, atMs }
    })
    return { outcome: 'linearizable', order }
  }
  const conflict = verdict.conflict.map(asPictured)
  const [last] = conflict as [Operation<FileValue>]
  const pending = conflict.length === 1 ? '' : ` and of the ${conflict.length - 1} others then pending`
  return { ...verdict, conflict, reason: `no order of the earlier operations${pending} explains ${textOf(last)}` }
}

export const valueText = (value: FileValue): string => (value === undefined ? '⊥' : String(value))

/** The values of an operation; for a compare-and-swap `1→2`, or `not 1→2` if it failed. */
export const valuesText = ({ kind, value, expected, isRefused }: FileOperation): string =>
  kind === 'cas' ? `${isRefused ? 'not ' : ''}${valueText(expected)}→${valueText(value)}` : valueText(value)

/** An operation as pictures show it: a compare-and-swap is a write of `1→2`. */
export function pictured(operation: FileOperation): Operation<FileValue> {
  const { process, kind, value, invokedAtMs, respondedAtMs } = operation
  const isCas = kind === 'cas'
  return { process, kind: isCas ? 'write' : kind, value: isCas ? valuesText(operation) : value, invokedAtMs, respondedAtMs }
}

type RegisterOperation = ObjectOperation<RegisterInput<FileValue>, FileValue | boolean>

function objectOperation({ process, kind, value, expected, isRefused, invokedAtMs, respondedAtMs }: FileOperation): RegisterOperation {
  const input = kind === 'read' ? { kind } : kind === 'write' ? { kind, value } : { kind, value, expected }
  const output = kind === 'read' ? value : kind === 'cas' ? !isRefused : undefined
  return { process, input, output, invokedAtMs, respondedAtMs }
}

/**
 * Whether an operation constrains the order. A pending one does not if no other operation read or expected its value; but if a compare-and-swap
 * failed, every value may matter.
 */
function matters(operations: readonly RegisterOperation[]): (operation: RegisterOperation) => boolean {
  const wanted = new Set<FileValue | boolean>()
  let wasRefused = false
  for (const { input, output, respondedAtMs } of operations) {
    if (input.kind === 'read' && respondedAtMs !== undefined) wanted.add(output)
    if (input.kind === 'cas') wanted.add(input.expected)
    wasRefused ||= input.kind === 'cas' && respondedAtMs !== undefined && output === false
  }
  return ({ input, respondedAtMs }) => respondedAtMs !== undefined || (input.kind !== 'read' && (wasRefused || wanted.has(input.value)))
}
