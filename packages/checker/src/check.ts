import { printable } from '@upon/contract'
import { shown, type Trace } from '@upon/trace'
import { isKnownModule } from './illformed'
import { properties } from './properties'
import { runOf } from './run'
import { illFormedVerdict, type PropertyOptions, type PropertyVerdict } from './verdict'

/** What `check` needs of a module. Every abstraction of the contract has it. */
interface ModuleName {
  readonly name: string
  readonly properties?: Readonly<Record<string, string>>
}

export interface CheckOptions extends PropertyOptions {
  /** Judges only this instance, even if the trace has no event of it. Default: every instance of the module that has an event. */
  readonly path?: string
}

/**
 * Judges all properties of a module, for each of its instances in the trace: by path, then by property. A property that the module declares but
 * that has no check is `unknown`. A trace that no run can have gets one verdict, `ill-formed`. Throws RangeError for a module without
 * properties: none is known here, and it declares none. The trace must not change any more.
 */
export function check(trace: Trace, module: ModuleName, options: CheckOptions = {}): PropertyVerdict[] {
  const checks = properties[module.name] ?? {}
  const names = new Set([...Object.keys(checks), ...Object.keys(module.properties ?? {})])
  if (names.size === 0) throw new RangeError(`no property of ${printable(module.name)} is known, and it declares none`)
  const { illFormed } = runOf(trace)
  if (illFormed !== undefined) return [illFormedVerdict(illFormed)]
  const paths = options.path === undefined ? pathsOf(trace, module.name) : [options.path]
  return paths.flatMap((path) =>
    [...names].map((property): PropertyVerdict => {
      const judge = checks[property]
      if (judge) return { ...judge(trace, path, options), property }
      return { property, path, holds: 'unknown', why: 'there is no check for this property', events: [] }
    }),
  )
}

/**
 * Judges all properties of all modules in the trace. An instance of an unknown module gets the verdict `ill-formed`. A module without properties, such as a
 * timer, gets none.
 */
export function checkAll(trace: Trace, options: PropertyOptions = {}): PropertyVerdict[] {
  const { illFormed, instances } = runOf(trace)
  if (illFormed !== undefined) return [illFormedVerdict(illFormed)]
  const unknown = [...instances].flatMap(([path, [first]]) => {
    if (first === undefined || isKnownModule(first.module)) return []
    return [illFormedVerdict({ entry: first, why: `the module ${shown(first.module)} is not known` }, path)]
  })
  return [...unknown, ...Object.keys(properties).flatMap((name) => check(trace, { name }, options))]
}

function pathsOf(trace: Trace, module: string): string[] {
  const paths: string[] = []
  for (const [path, [first]] of runOf(trace).instances) if (first?.module === module) paths.push(path)
  return paths
}
