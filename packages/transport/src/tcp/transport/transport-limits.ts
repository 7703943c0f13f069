import type { ProcessId } from '@upon/contract'
import { DEFAULT_MESSAGE_BYTES, payloadBytes, roomBytes } from '../../codec/payload'
import { completeLimits, type EndpointLimits } from '../limits'

/** The same at all processes of a system. */
export interface TcpTransportLimits extends EndpointLimits {
  /**
   * Longest value that an application may hand in, as the codec says it. By default 1 MiB, or what 16 MiB have room for if a message carries
   * a value of each process; and `frameBytes` what such a message takes. Where `frameBytes` is given, what that has room for.
   */
  readonly payloadBytes: number
}

/** Paths as long as this are reckoned with where a value is checked; all that an envelope can carry where there is room. */
const PATH_BYTES = 256
const LONGEST_PATH_BYTES = 0xffff

/** Fills in the defaults. Throws `RangeError` for limits that are none, or leave no room for a value. */
export function completeTransportLimits(given: Partial<TcpTransportLimits> = {}, processes: readonly ProcessId[]): TcpTransportLimits {
  const longestName = Math.max(...processes.map((p) => Buffer.byteLength(p)))
  const around = 5 + longestName // the envelope, but for the path
  const room = given.frameBytes ?? DEFAULT_MESSAGE_BYTES + roomBytes(processes) + around + PATH_BYTES
  const payload = given.payloadBytes ?? payloadBytes(room - around - PATH_BYTES, processes)
  const frameBytes = given.frameBytes ?? processes.length * payload + roomBytes(processes) + around + LONGEST_PATH_BYTES
  if (payload <= 0 || payload + roomBytes(processes.slice(0, 1)) + around + PATH_BYTES > frameBytes)
    throw new RangeError(`limits.frameBytes: ${frameBytes} have no room for values of ${payload} bytes; set limits.payloadBytes`)
  return { ...completeLimits({ ...given, frameBytes }), payloadBytes: payload }
}
