import type { FairLossPointToPointLinks, PerfectPointToPointLinks, Transport } from '@upon/contract'
import { expectTypeOf, test } from 'vitest'
import type { LossyMemoryNetwork, MemoryNetwork } from './memory'
import type { TcpTransport } from './tcp'
import type { UdpEndpoint } from './udp'

test('the transports declare what they guarantee', () => {
  expectTypeOf<ReturnType<LossyMemoryNetwork['transport']>>().toEqualTypeOf<Transport<FairLossPointToPointLinks>>()
  expectTypeOf<ReturnType<UdpEndpoint['transport']>>().toEqualTypeOf<Transport<FairLossPointToPointLinks>>()
  expectTypeOf<ReturnType<MemoryNetwork['transport']>>().toEqualTypeOf<Transport<PerfectPointToPointLinks>>()
  expectTypeOf<TcpTransport>().toExtend<Transport<PerfectPointToPointLinks>>()
})
