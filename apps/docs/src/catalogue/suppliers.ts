import type { Exported, SourceFile } from '../house'

/** How a module is supplied to an algorithm in an example: what is imported for it, and the expression. */
export interface Supplier {
  readonly module: string
  readonly imports: { readonly specifier: string; readonly name: string }
  /** What is needed once for all processes, before them. */
  readonly before?: string
  readonly expression: string
}

const isPort = (value: unknown): value is { readonly abstraction: { readonly name: string } } =>
  typeof value === 'object' && value !== null && 'sort' in value && value.sort === 'port' && 'abstraction' in value

/** What the packages export that supplies a module: ports as they are, and networks that give each process its transport. */
export function suppliersAmong(exported: readonly Exported[], sources: readonly SourceFile[]): Supplier[] {
  const networks = new Map(sources.flatMap(networksIn))
  return exported.flatMap(({ specifier, name, value }) => {
    if (isPort(value)) return [{ module: value.abstraction.name, imports: { specifier, name }, expression: name }]
    const module = typeof value === 'function' ? networks.get(name) : undefined
    if (module === undefined || specifier.split('/').length < 3) return []
    return [{ module, imports: { specifier, name }, before: `const network = new ${name}()`, expression: 'network.transport(self)' }]
  })
}

/** Classes whose `transport(self)` gives links, by what these guarantee. */
const networksIn = ({ text }: SourceFile): [string, string][] => {
  const [, name] = /^export class (\w+)/m.exec(text) ?? []
  const [, module] = /^ {2}transport\(self: ProcessId\): Transport<(\w+)>/m.exec(text) ?? []
  return name !== undefined && module !== undefined ? [[name, module]] : []
}
