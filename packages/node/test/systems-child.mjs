// Starts and destroys 20 systems, each well used, and prints the memory in use after the 3rd and the last.
import { Hub } from '@upon/hub'
import { createNode } from '@upon/node'

const hub = await Hub.listen({ host: '127.0.0.1', port: 0, settleMs: 0 })
const nodes = []
for (let index = 1; index <= 3; index++) nodes.push(await createNode({ hub: hub.address, host: '127.0.0.1', port: 0, owner: 'abc', index }))
await hub.registered(3)

async function use() {
  await hub.system(['abc'])
  const outcomes = [hub.storm('x', { operations: 200 })]
  for (let i = 0; i < 20; i++) outcomes.push(hub.consensus(`t${i}`), hub.write(`r${i}`, i, ['abc-1']))
  for (const outcome of await Promise.all(outcomes)) if (!outcome.ok) throw new Error(JSON.stringify(outcome))
}

function memory() {
  gc()
  gc()
  return process.memoryUsage()
}

const figures = {}
for (let i = 1; i <= 20; i++) {
  await use()
  if (i === 3) figures.early = memory()
}
figures.late = memory()
await Promise.all(nodes.map((node) => node.stop()))
await hub.close()
process.stdout.write(JSON.stringify(figures))
