import type { Register } from './processes/registry'

/** Something the hub saw or did, as it happens. */
export type HubEvent =
  | { readonly type: 'registered'; readonly process: string; readonly host: string; readonly port: number; readonly how: Register['how'] }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'crashed'; readonly process: string }
  | {
      readonly type: 'system'
      readonly system: string
      readonly processes: readonly { readonly process: string; readonly rank: number }[]
    }
  | { readonly type: 'destroyed'; readonly system: string }
  | { readonly type: 'delivered'; readonly system: string; readonly process: string; readonly value: number | undefined }
  | {
      readonly type: 'wrote'
      readonly system: string
      readonly process: string
      readonly register: string
      readonly value: number | undefined
    }
  | {
      readonly type: 'read'
      readonly system: string
      readonly process: string
      readonly register: string
      readonly value: number | undefined
    }
  | { readonly type: 'proposed'; readonly system: string; readonly process: string; readonly topic: string; readonly value: number }
  | {
      readonly type: 'decided'
      readonly system: string
      readonly process: string
      readonly topic: string
      readonly value: number | undefined
    }
  /** An answer that nothing asked for: a second one, of another register, of nobody known. */
  | { readonly type: 'unexpected'; readonly system: string; readonly process: string; readonly reason: string }

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'trace'

export type Log = (level: LogLevel, text: string) => void
