import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { explainListening } from './ports'

test('a port that is taken: by whom, where Linux tells', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  expect(explainListening('EADDRINUSE', '127.0.0.1', port, '')).toContain(
    `port ${port} is taken: ${process.platform === 'linux' ? `process ${process.pid} (` : 'another program'}`,
  )
  await new Promise((resolve) => server.close(resolve))
  expect(explainListening('EADDRINUSE', '127.0.0.1', port, '')).toContain(`port ${port} is taken: another program listens there`)
})

test('what to do about the others', () => {
  expect(explainListening('EACCES', '127.0.0.1', 80, '')).toMatch(/port 80 needs rights .* --port 0/)
  expect(explainListening('EAFNOSUPPORT', '::1', 5000, '')).toMatch(/cannot listen on \[::1\]:5000: this machine has no IPv6/)
  expect(explainListening('EWHATEVER', '::1', 5000, 'as the system says')).toBe('as the system says')
})
