import type { MessageCapacity, Module, ModuleOf, NeedsOf, ParametersIn, PayloadOf } from '@upon/contract'
import type { Supply } from './process-options'

/** The modules in `N` that nothing in `S` gives. */
type Missing<N extends Module, S extends Module> = N extends Module ? ([Extract<S, N>] extends [never] ? N : never) : never

/** Any layer if the host supplies all that it needs in `S`; otherwise a type that no layer has, which names what nothing supplies. */
export type Supplying<L, S extends readonly Supply[]> = [Missing<NeedsOf<L>, Given<S>>] extends [never]
  ? unknown
  : Each<Missing<NeedsOf<L>, Given<S>>>

/** What the host supplies; a process that has a transport knows how much fits into a message. */
type Given<S extends readonly Supply[]> =
  | ModuleOf<S[number]>
  | ([Extract<S[number], { readonly sort: 'transport' }>] extends [never] ? never : MessageCapacity)

/** A type that no layer has. The compiler's message shows its name and the module that nothing supplies. */
interface NothingSupplies<M extends Module> {
  readonly 'nothing supplies it': M
}

/** Makes the compiler print the modules one by one, not the type that computes them. */
type Each<M extends Module> = M extends Module ? NothingSupplies<M> : never

/** A name for the instance, and its parameters if its module has any. */
export type RunArguments<L> = [L] extends [never]
  ? [name?: string, parameters?: unknown]
  : unknown extends ParametersIn<ModuleOf<L>, PayloadOf<L>>
    ? [name?: string]
    : [name: string | undefined, parameters: ParametersIn<ModuleOf<L>, PayloadOf<L>>]
