import { canonical, MessageCapacity, type Port, RandomSource, Signatures, Turn } from '@upon/contract'
import { checkBelow } from '@upon/runtime'

/** What ports need from a world. */
export interface PortWorld {
  /** A number below n, for the instance at `path`. */
  draw(host: number, path: string, n: number): number
  /** Calls `end` when the turn of a process is over. */
  endOfTurn(host: number, end: () => void): void
  /** What was signed in this world; without it all processes are honest, and every well-formed signature verifies. */
  readonly signed?: Set<string>
}

/** The ports of one process that have nothing to do with its links, timers and storage. */
export const portsOf = (host: number, world: PortWorld) =>
  [randomSource(host, world), signatures(world), turn(host, world), CAPACITY] as const

const randomSource = (host: number, world: PortWorld): Port<RandomSource> => ({
  sort: 'port',
  abstraction: RandomSource,
  open: ({ path }) => ({
    upon: {
      below: (n) => {
        checkBelow(n)
        return world.draw(host, path, n)
      },
    },
  }),
})

/** A signature names its signer and what was signed. One that was never made does not verify. */
const signatures = ({ signed }: PortWorld): Port<Signatures> => ({
  sort: 'port',
  abstraction: Signatures,
  open: ({ self, path }) => {
    const textOf = (p: string, m: unknown) => canonical([p, path, m])
    return {
      upon: {
        sign: (m) => {
          const text = textOf(self, m)
          signed?.add(text)
          return { signed: text } as never
        },
        verify: (p, m, s) => {
          const text = textOf(p, m)
          const said = (s as { readonly signed?: unknown } | null | undefined)?.signed
          return said === text && (signed === undefined || signed.has(text))
        },
      },
    }
  },
})

const turn = (host: number, world: PortWorld): Port<Turn> => ({
  sort: 'port',
  abstraction: Turn,
  open: ({ indicate }) => {
    let isAwaited = false
    let isOpen = true
    return {
      upon: {
        awaitEnd() {
          if (isAwaited) return
          isAwaited = true
          world.endOfTurn(host, () => {
            isAwaited = false
            if (isOpen) indicate.end()
          })
        },
      },
      close: () => {
        isOpen = false
      },
    }
  },
})

/** Small enough for some batches to be full. */
const LIMIT_CHARACTERS = 4096

const CAPACITY: Port<MessageCapacity> = {
  sort: 'port',
  abstraction: MessageCapacity,
  open: () => ({ upon: { fits: (m) => canonical(m).length <= LIMIT_CHARACTERS } }),
}
