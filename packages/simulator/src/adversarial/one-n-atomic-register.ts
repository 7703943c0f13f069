import { OneNAtomicRegister, type Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialAtomic } from './atomic'

/**
 * The worst (1,N) atomic register that its module allows: a read that overlaps a write returns either value, but none older than one that
 * any process has read before (ONAR3); the write of a process that crashes becomes visible at once, much later, or never.
 */
export const adversarialOneNAtomicRegister = (process: SimulatedProcess) =>
  adversarialAtomic(process, OneNAtomicRegister, ['one writer']) as Port<OneNAtomicRegister>
