import { test } from 'vitest'
import { trySpoiledMessages } from './spoiled'

test('a million spoiled messages, others each day: decode returns a message that encodes again, or throws a ProtocolError', {
  timeout: 600_000,
}, () => {
  trySpoiledMessages(Math.floor(Date.now() / 86_400_000), 1_000_000)
})
