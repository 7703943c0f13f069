import { HEADER_BYTES } from './datagram'

/** The most that a datagram over IPv4 can carry. */
const LONGEST_DATAGRAM_BYTES = 65_507

/** What an endpoint will hold at most. Its memory is bounded by `queueBytes`, `receiveBufferBytes` and one datagram. */
export interface UdpLimits {
  /**
   * Longest datagram sent or accepted, header and path included: at most, and by default, 65,507; the same at all processes. One above
   * 1,472 travels Ethernet in pieces, and is lost with any of them.
   */
  readonly datagramBytes: number
  /**
   * Longest value that an application may hand in, as the codec says it; the same at all processes. By default what a datagram has room for
   * if it carries a value of each process, and what algorithms add: about 21,000 among three. More where algorithms put one value into a message.
   */
  readonly payloadBytes?: number
  /** Bytes that wait for the system to take them; beyond it new ones are dropped. 4 MiB. */
  readonly queueBytes: number
  /** How much the system is asked to keep of what has arrived; it may give less, and loses what is beyond. 1 MiB. */
  readonly receiveBufferBytes: number
}

export const DEFAULT_LIMITS: UdpLimits = {
  datagramBytes: LONGEST_DATAGRAM_BYTES,
  queueBytes: 4 * 1024 * 1024,
  receiveBufferBytes: 1024 * 1024,
}

/** Fills in the defaults. Throws `RangeError` for a limit that is not a whole number above 0, or a datagram that cannot be. */
export function completeLimits(given: Partial<UdpLimits> = {}): UdpLimits {
  const limits = { ...DEFAULT_LIMITS, ...given }
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined) continue
    if (!(Number.isInteger(value) && value > 0)) throw new RangeError(`limits.${name}: expected a whole number above 0, found ${value}`)
  }
  const { datagramBytes } = limits
  if (datagramBytes <= HEADER_BYTES || datagramBytes > LONGEST_DATAGRAM_BYTES)
    throw new RangeError(`limits.datagramBytes: expected ${HEADER_BYTES + 1} to ${LONGEST_DATAGRAM_BYTES}, found ${datagramBytes}`)
  return limits
}
