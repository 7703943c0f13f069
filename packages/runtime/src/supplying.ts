import type { MessageCapacity, Module, ModuleOf, NeedsOf, ParametersIn, PayloadOf } from '@upon/contract'
import type { Supply } from './process-options'

/** The modules in `N` that nothing in `S` gives. */
type Missing<N extends Module, S extends Module> = N extends Module ? ([Extract<S, N>] extends [never] ? N : never) : never

/** What a layer must be to run where the host supplies `S`: anything, or else what no layer is, which says what nothing supplies. */
export type Supplying<L, S extends readonly Supply[]> = [Missing<NeedsOf<L>, Given<S>>] extends [never]
  ? unknown
  : Each<Missing<NeedsOf<L>, Given<S>>>

/** What the host supplies; a process that has a transport knows how much fits into a message. */
type Given<S extends readonly Supply[]> =
  | ModuleOf<S[number]>
  | ([Extract<S[number], { readonly sort: 'transport' }>] extends [never] ? never : MessageCapacity)

/** What no layer has: its name is what a compiler says, with the module that nothing supplies. */
interface NothingSupplies<M extends Module> {
  readonly 'nothing supplies it': M
}

/** So that a compiler prints the modules one by one, and not the type that they are computed by. */
type Each<M extends Module> = M extends Module ? NothingSupplies<M> : never

/** A name for the instance, and the parameters that it must be given where its module has any. */
export type RunArguments<L> = [L] extends [never]
  ? [name?: string, parameters?: unknown]
  : unknown extends ParametersIn<ModuleOf<L>, PayloadOf<L>>
    ? [name?: string]
    : [name: string | undefined, parameters: ParametersIn<ModuleOf<L>, PayloadOf<L>>]
