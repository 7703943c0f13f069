import { MessageCapacity, type Module, type Port, type Transport } from '@upon/contract'

/** How much fits into a message over any of these transports: the smallest of their limits. */
export const messageCapacity = (transports: readonly Transport<Module>[]): Port<MessageCapacity> => ({
  sort: 'port',
  abstraction: MessageCapacity,
  open: () => ({
    upon: {
      fits(m) {
        try {
          for (const transport of transports) transport.check?.(m)
          return true
        } catch (error) {
          if (error instanceof RangeError) return false
          throw error
        }
      },
    },
  }),
})
