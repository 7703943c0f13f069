import type { ProcessId } from '@upon/contract'
import { DEFAULT_MESSAGE_BYTES, payloadBytes, roomBytes } from '../../codec/payload'
import { completeLimits, type EndpointLimits } from '../limits'

/** They must be equal at all processes of a system. */
export interface TcpTransportLimits extends EndpointLimits {
  /**
   * The longest encoded value that an application may submit. By default 1 MiB, or less if a message with one value per process would exceed
   * 16 MiB; `frameBytes` follows from it. If `frameBytes` is given, `payloadBytes` follows from that.
   */
  readonly payloadBytes: number
}

/** The check of a value assumes paths of at most this length; a frame has room for the longest path where its limit follows from the values. */
const PATH_BYTES = 256
const LONGEST_PATH_BYTES = 0xffff

/** Fills in the defaults. Throws `RangeError` for invalid limits, and for limits that leave no room for a value. */
export function completeTransportLimits(given: Partial<TcpTransportLimits> = {}, processes: readonly ProcessId[]): TcpTransportLimits {
  const longestName = Math.max(...processes.map((p) => Buffer.byteLength(p)))
  const around = 5 + longestName // the envelope without the path
  const room = given.frameBytes ?? DEFAULT_MESSAGE_BYTES + roomBytes(processes) + around + PATH_BYTES
  const payload = given.payloadBytes ?? payloadBytes(room - around - PATH_BYTES, processes)
  const frameBytes = given.frameBytes ?? processes.length * payload + roomBytes(processes) + around + LONGEST_PATH_BYTES
  if (payload <= 0 || payload + roomBytes(processes.slice(0, 1)) + around + PATH_BYTES > frameBytes)
    throw new RangeError(`limits.frameBytes: ${frameBytes} have no room for values of ${payload} bytes; set limits.payloadBytes`)
  return { ...completeLimits({ ...given, frameBytes }), payloadBytes: payload }
}
