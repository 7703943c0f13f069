import { glimpse } from '@upon/protocol'
import type { FrameOrigin } from '@upon/transport/tcp'
import { isHubsType } from './commands'
import type { Members } from './members'

export interface GlanceHost {
  members(systemId: string): Members | undefined
  isHub(sender: { readonly senderHost: string; readonly senderListeningPort: number }, from: FrameOrigin): boolean
  /** There is no room for a further message of that system, which has not started. */
  isFull(systemId: string, bytes: number): boolean
}

export type GlanceReason = 'unauthorised' | 'unknownSystem'

/**
 * Why a message is refused, if a few fields decide that without decoding it. So a flood of messages of strangers costs little, however long they are.
 * `undefined` for what must be decoded.
 */
export function refusedAtAGlance(body: Uint8Array, from: FrameOrigin, host: GlanceHost): GlanceReason | undefined {
  const seen = glimpse(body)
  if (seen === undefined) return undefined
  const { systemId, senderHost, senderListeningPort, type } = seen
  if (senderHost === undefined || systemId === undefined) return 'unauthorised' // longer than any name
  if (isHubsType(type)) return host.isHub({ senderHost, senderListeningPort }, from) ? undefined : 'unauthorised'
  const members = host.members(systemId)
  if (members === undefined) return host.isFull(systemId, body.length) ? 'unknownSystem' : undefined
  return members.sender(senderHost, senderListeningPort, from.remoteAddress) === undefined ? 'unauthorised' : undefined
}
