import { AtomicRegister, type Port } from '@upon/contract'
import type { SimulatedProcess } from '../engine/simulated-process'
import { adversarialAtomic } from './atomic'

/**
 * The worst (N,N) atomic register that its module allows: each operation takes effect at any moment between its invocation and its
 * completion (NNAR2), so that concurrent ones take effect in any order; the write of a process that crashes becomes visible at once, much
 * later, or never.
 */
export const adversarialAtomicRegister = (process: SimulatedProcess) =>
  adversarialAtomic(process, AtomicRegister, []) as Port<AtomicRegister>
