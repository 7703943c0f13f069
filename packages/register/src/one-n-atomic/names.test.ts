import { Process } from '@upon/runtime'
import { MemoryNetwork } from '@upon/transport/memory'
import { expect, it } from 'vitest'
import { OneOneAtomicToOneNAtomic } from './one-one-atomic-to-one-n-atomic'

it('names of processes that joined by a comma would be one are told apart', () => {
  const network = new MemoryNetwork()
  const processes = ['a', 'a,b', 'b,c', 'c']
  const [writer] = processes.map((self) => {
    const process = new Process({ self, processes, supply: [network.transport(self)] })
    const onar = process.run(OneOneAtomicToOneNAtomic.of<number>())
    return { process, onar }
  })
  let isWritten = false
  writer!.process.upon(writer!.onar.writeReturn, () => {
    isWritten = true
  })
  writer!.onar.write(1)
  expect(isWritten).toBe(true)
})
