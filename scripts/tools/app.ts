// What each tool compiles, bundles or runs: it takes a value, a type and a subpath of several packages.
import type { Module } from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registerFace } from '@upon/runtime/faces'
import { MemoryNetwork } from '@upon/transport/memory'
import { type TcpTransport, tcpTransport } from '@upon/transport/tcp'

/** Taken, so that no tool leaves the import out. */
export const others: { transport: typeof tcpTransport; links?: TcpTransport; module?: Module } = { transport: tcpTransport }

export async function hello(): Promise<string | undefined> {
  const network = new MemoryNetwork()
  const processes = ['p', 'q', 'r']
  const [p, q] = processes.map((self) => {
    const me = new Process({ self, processes, supply: [network.transport(self)] })
    return registerFace(me, me.run(ReadImposeWriteConsultMajority.of<string>()))
  })
  await p?.write('hello')
  return q?.read()
}
