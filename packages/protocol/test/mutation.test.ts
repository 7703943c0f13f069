import { test } from 'vitest'
import { trySpoiledMessages } from './spoiled'

test('whatever is done to the bytes, decode returns a message that encodes again, or throws a ProtocolError', () => {
  trySpoiledMessages(20260101, 20_000)
})
