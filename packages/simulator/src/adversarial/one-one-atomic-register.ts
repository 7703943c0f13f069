import { OneOneAtomicRegister } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialAtomic } from './atomic'

/**
 * The worst (1,1) atomic register that its module allows: a read that overlaps a write returns either value, but none older than one read
 * before (OOAR3); the write of a process that crashes becomes visible at once, much later, or never.
 */
export const adversarialOneOneAtomicRegister = (process: SimulatedProcess) =>
  adversarialAtomic(process, OneOneAtomicRegister, ['one writer', 'one reader'])
