import { MessageCapacity, type Module, type Port, type Transport } from '@upon/contract'

/** How much a transport carries in one message: what it does not refuse. */
export const messageCapacity = (transport: Transport<Module>): Port<MessageCapacity> => ({
  sort: 'port',
  abstraction: MessageCapacity,
  open: () => ({
    upon: {
      fits(m) {
        try {
          transport.check?.(m)
          return true
        } catch (error) {
          if (error instanceof RangeError) return false
          throw error
        }
      },
    },
  }),
})
