import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

const KEPT_MS = 10_000
const LIMIT_HOSTS = 1_024

/** Name resolution that caches answers for 10 s, because one connection per frame would need one look-up per frame. Failures are not cached. */
export function cachedLookup(): LookupFunction {
  const known = new Map<string, { addresses: LookupAddress[]; until: number }>()
  return (host, options, callback) => {
    const answer = (addresses: LookupAddress[]) => {
      if (options.all === true) callback(null, addresses)
      else callback(null, addresses[0]!.address, addresses[0]!.family)
    }
    const cached = known.get(host)
    if (cached !== undefined && cached.until > Date.now()) return process.nextTick(answer, cached.addresses)
    lookup(host, { all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      if (known.size >= LIMIT_HOSTS) known.clear()
      known.set(host, { addresses, until: Date.now() + KEPT_MS })
      answer(addresses)
    })
  }
}
