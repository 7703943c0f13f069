export type Value = { defined?: boolean; v?: number }

export type ProcessId = { host: string; port: number; owner: string; index: number; rank: number }

/** The wrapper message; `type` is the name of its Type value (a number where it has none), payloads lie under their field names. */
export type Message = {
  type: string | number
  messageUuid?: string
  FromAbstractionId?: string
  ToAbstractionId?: string
  systemId?: string
  networkMessage?: { senderHost?: string; senderListeningPort?: number; message?: Message }
  procRegistration?: { owner: string; index: number }
  procInitializeSystem?: { processes: ProcessId[] }
  procDestroySystem?: Record<string, never>
  appBroadcast?: { value?: Value }
  appValue?: { value?: Value }
  appPropose?: { topic: string; value?: Value }
  appDecide?: { value?: Value }
  appRead?: { register: string }
  appWrite?: { register: string; value?: Value }
  appReadReturn?: { register: string; value?: Value }
  appWriteReturn?: { register: string }
  [payload: string]: unknown
}

export declare const PAYLOAD_FIELD: Map<string, string>
export declare const encode: (message: Message) => Buffer
export declare const decode: (bytes: Uint8Array) => Message
export declare const frame: (message: Message) => Buffer
