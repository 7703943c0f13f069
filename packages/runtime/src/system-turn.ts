import { type Port, Turn } from '@upon/contract'

/** The turn of the event loop: it ends when everything that one callback of the platform brought has been handled. */
export const systemTurn: Port<Turn> = {
  sort: 'port',
  abstraction: Turn,
  open({ indicate }) {
    let isAwaited = false
    let isClosed = false
    return {
      upon: {
        awaitEnd() {
          if (isAwaited) return
          isAwaited = true
          queueMicrotask(() => {
            isAwaited = false
            if (!isClosed) indicate.end()
          })
        },
      },
      close: () => {
        isClosed = true
      },
    }
  },
}
