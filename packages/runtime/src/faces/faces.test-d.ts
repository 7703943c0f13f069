import { BasicBroadcast } from '@upon/broadcast'
import { LeaderDrivenConsensus } from '@upon/consensus'
import {
  type AtomicRegister,
  type BestEffortBroadcast,
  type Consensus,
  type OneNAtomicRegister,
  type OneOneAtomicRegister,
  type Outside,
  PerfectPointToPointLinks,
  type RegularRegister,
  type ReliableBroadcast,
  type Transport,
  type UniformConsensus,
  type UniformReliableBroadcast,
} from '@upon/contract'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { expectTypeOf, test } from 'vitest'
import { Process, systemTimer } from '../index'
import { broadcastFace, consensusFace, type Delivery, type OperationOptions, type RegisterFace, registerFace } from './index'

const process = new Process({ self: 'p', processes: ['p'], supply: [{} as Transport<PerfectPointToPointLinks>, systemTimer] })
const nnar = process.run(ReadImposeWriteConsultMajority.of<string>())
const uc = process.run(LeaderDrivenConsensus.of<{ lunch: string }>())
const beb = process.run(BasicBroadcast.of<number>())

test('a face has the types that its port carries', () => {
  const register = registerFace(process, nnar)
  expectTypeOf(register).toEqualTypeOf<RegisterFace<string>>()
  expectTypeOf(register.read()).toEqualTypeOf<Promise<string | undefined>>()
  expectTypeOf(consensusFace(process, uc).propose({ lunch: 'soup' })).toEqualTypeOf<Promise<{ lunch: string }>>()
  expectTypeOf(broadcastFace(process, beb).deliveries).toEqualTypeOf<AsyncIterable<Delivery<number>>>()
  // @ts-expect-error it carries strings
  void register.write(5)
  // @ts-expect-error it carries numbers
  void broadcastFace(process, beb).broadcast('5')
})

test('every register, consensus and broadcast of the contract has its face', () => {
  type V = { readonly v: number }
  const registers = {} as [
    Outside<RegularRegister, V>,
    Outside<OneOneAtomicRegister, V>,
    Outside<OneNAtomicRegister, V>,
    Outside<AtomicRegister, V>,
  ]
  expectTypeOf(registers.map((port) => registerFace(process, port))).toEqualTypeOf<RegisterFace<V>[]>()
  const [c, u] = {} as [Outside<Consensus, V>, Outside<UniformConsensus, V>]
  expectTypeOf(consensusFace(process, c)).toEqualTypeOf(consensusFace(process, u))
  const [b, r, urb] = {} as [Outside<BestEffortBroadcast, V>, Outside<ReliableBroadcast, V>, Outside<UniformReliableBroadcast, V>]
  expectTypeOf(broadcastFace(process, b)).toEqualTypeOf(broadcastFace(process, r))
  expectTypeOf(broadcastFace(process, urb).broadcast).toEqualTypeOf<(m: V, options?: OperationOptions) => Promise<void>>()
})

test('the face of another module does not compile', () => {
  // @ts-expect-error consensus is no register
  registerFace(process, uc)
  // @ts-expect-error a register is no consensus
  consensusFace(process, nnar)
  // @ts-expect-error links are no broadcast
  broadcastFace(process, process.run(PerfectPointToPointLinks.of<number>()))
  // @ts-expect-error options have names
  void registerFace(process, nnar).read(new AbortController().signal)
})
