import {
  type Abstraction,
  abstraction,
  algorithm,
  type Indication,
  type Layer,
  type Module,
  many,
  type Payload,
  type RegularRegister,
  type Request,
  refusesBottom,
} from '@upon/contract'

/** The events of any register of the contract: regular or atomic, with one writer or many. */
export type AnyRegister = Omit<RegularRegister, 'guarantees'> & { readonly guarantees: object }

/** Registers by key, each made on first use, here or at another process. */
export interface Registers extends Module {
  readonly guarantees: { readonly registers: true }
  readonly read: Request<[key: string]>
  readonly write: Request<[key: string, v: this['payload']]>
  readonly readReturn: Indication<[key: string, v: this['payload'] | undefined]>
  readonly writeReturn: Indication<[key: string]>
  /** There are too many registers already: the operation has no effect. */
  readonly refuse: Indication<[key: string]>
}

const Registers: Abstraction<Registers> = abstraction<Registers>({
  name: 'Registers',
  instance: 'registers',
  requests: { read: ['key'], write: ['key', 'v'] },
  refuses: { write: (_, v) => refusesBottom(v) },
  indications: { readReturn: ['key', 'v'], writeReturn: ['key'], refuse: ['key'] },
  properties: {},
})

/** Many registers from one algorithm: an instance of `register` per key, at most `limit`. */
export function registersOver(register: Layer<Module>, limit: number) {
  const each = register as Layer<AnyRegister, never, Payload>
  const { assumes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const } = register as {
    readonly assumes?: never
  }
  return algorithm(
    { name: 'registers', implements: { registers: Registers }, uses: { register: many(each) }, assumes, state: () => ({ count: 0 }) },
    ({ registers, register, state, upon }) => {
      const isOpen = (key: string) => {
        if (register.has(key)) return true
        if (state.count >= limit) return false
        state.count++
        register.create(key)
        return true
      }

      upon(registers.read, (key) => {
        if (isOpen(key)) register.read(key)
        else registers.refuse(key)
      })

      upon(registers.write, (key, v) => {
        if (isOpen(key)) register.write(key, v)
        else registers.refuse(key)
      })

      upon(register.missing, (key) => void isOpen(key))

      upon(register.readReturn, (key, v) => registers.readReturn(key, v as Payload | undefined))

      upon(register.writeReturn, (key) => registers.writeReturn(key))
    },
  )
}
