import { HEADER_BYTES } from './datagram'

/** The longest datagram over IPv4. */
const LONGEST_DATAGRAM_BYTES = 65_507

/** What an endpoint holds at most. Its memory is bounded by `queueBytes`, `receiveBufferBytes` and one datagram. */
export interface UdpLimits {
  /**
   * The longest datagram sent or accepted, including header and path: at most, and by default, 65,507; equal at all processes. One above
   * 1,472 bytes is fragmented on Ethernet, and lost with any of its fragments.
   */
  readonly datagramBytes: number
  /**
   * The longest encoded value that an application may submit; equal at all processes. By default a datagram has room for one value per process
   * and for what algorithms add: about 21,000 bytes among three. It may be larger for algorithms that put one value into a message.
   */
  readonly payloadBytes?: number
  /** Bytes that wait for the operating system; beyond it, new datagrams are dropped. 4 MiB. */
  readonly queueBytes: number
  /** The requested receive buffer of the operating system; it may give less, and drops what exceeds it. 1 MiB. */
  readonly receiveBufferBytes: number
}

export const DEFAULT_LIMITS: UdpLimits = {
  datagramBytes: LONGEST_DATAGRAM_BYTES,
  queueBytes: 4 * 1024 * 1024,
  receiveBufferBytes: 1024 * 1024,
}

/** Fills in the defaults. Throws `RangeError` for a limit that is not a whole number above 0, and for an impossible length of datagrams. */
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
