import { MessageCapacity, type Module, type Port, type Transport } from '@upon/contract'

/** How much fits into a message that goes over any of these: what none of them refuses. */
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
