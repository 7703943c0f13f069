import type { ProcessId } from '@upon/contract'
import type { Codec } from './plain-data'

/**
 * Every process can forward any value that an application may submit. The rule: a message carries at most one value per process (as in
 * flooding), an identity for each of them, and some fields per layer. So the longest value is the rest of a message, divided by the number
 * of processes. An algorithm that puts more values into a message has to bound them itself.
 */
export const DEFAULT_PAYLOAD_BYTES = 1024 * 1024
/** Values of 1 MiB for up to 16 processes; shorter ones among more. */
export const DEFAULT_MESSAGE_BYTES = 16 * DEFAULT_PAYLOAD_BYTES

/** What layers add: kinds, numbers, names of fields. */
const FIELDS_BYTES = 256
const IDENTITY_BYTES = 48

const encoder = new TextEncoder()
const bytesOf = (text: string) => encoder.encode(JSON.stringify(text)).length

/** How many bytes algorithms add to the values in a message. */
export function roomBytes(processes: readonly ProcessId[]): number {
  const names = processes.reduce((bytes, p) => bytes + bytesOf(p), 0)
  return FIELDS_BYTES + processes.length * IDENTITY_BYTES + 2 * names
}

/** The longest value, in bytes, for messages of at most `messageBytes`. */
export function payloadBytes(messageBytes: number, processes: readonly ProcessId[]): number {
  const each = Math.floor((messageBytes - roomBytes(processes)) / processes.length)
  return Math.min(DEFAULT_PAYLOAD_BYTES, each)
}

/** Throws `TypeError` for a value that the codec cannot encode, `RangeError` for a longer one. */
export function checkPayload(codec: Codec, value: unknown, limitBytes: number): void {
  if (codec.check !== undefined) codec.check(value, limitBytes)
  else if (codec.encode(value).length > limitBytes) throw new RangeError(`a value is too large: expected at most ${limitBytes} bytes`)
}
