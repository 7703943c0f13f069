import type { Message } from '@upon/protocol'

type Value = number | undefined

/** Sees what the processes of one system are asked, and what they report. */
export interface Recorder {
  /** A command is about to leave. */
  commanded(process: string, message: Message): void
  /** What is reported next names this system. */
  receiving(systemId: string): void
  delivered(process: string, value: Value): void
  readReturned(process: string, register: string, value: Value): void
  writeReturned(process: string, register: string): void
  /** `named`: the report says the topic; `found`: the hub is sure of it, as far as it was of the others until then; `guessed`: it is not. */
  decided(process: string, topic: string | undefined, value: Value, how: 'named' | 'found' | 'guessed'): void
  crashed(process: string): void
  /** The system is over. */
  end(): void
}
