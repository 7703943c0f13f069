import type { ProcessId } from '@upon/contract'

/** With so many messages, or bytes, that wait for the process, nothing more is read until it is attached. */
const LIMIT_MESSAGES = 10_000
const LIMIT_BYTES = 16 * 1024 * 1024

export type Receive = (from: ProcessId, path: string, message: unknown) => void

/** Messages that arrive before a process is attached to its transport. */
export class UnattachedMessages {
  #messages: Parameters<Receive>[] = []
  #bytes = 0
  #open = (): void => {}
  readonly #attached = new Promise<void>((resolve) => {
    this.#open = resolve
  })

  add(...message: Parameters<Receive>): void {
    this.#messages.push(message)
  }

  /** A frame of so many bytes has arrived. Returns a promise if nothing more should be read until the process is attached. */
  frameRead(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes
    return this.#messages.length < LIMIT_MESSAGES && this.#bytes < LIMIT_BYTES ? undefined : this.#attached
  }

  /** Passes all messages on in a microtask of its own: not before the constructor of the process has returned. */
  release(receive: Receive): void {
    const messages = this.#messages
    this.#messages = []
    queueMicrotask(() => {
      for (const message of messages) receive(...message)
      this.#open()
    })
  }
}
