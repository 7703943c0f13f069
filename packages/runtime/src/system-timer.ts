import { type Port, Timer } from '@upon/contract'

/** The timer of the operating system. Timers never keep a program alive by themselves. */
export const systemTimer: Port<Timer> = {
  sort: 'port',
  abstraction: Timer,
  open({ indicate }) {
    let running: ReturnType<typeof setTimeout> | undefined
    return {
      upon: {
        start(delayMs) {
          clearTimeout(running)
          running = setTimeout(() => indicate.timeout(), delayMs)
          // in a browser a timer is a number, and keeps nothing alive
          if (typeof running === 'object') running.unref()
        },
      },
      close: () => clearTimeout(running),
    }
  },
}
