export type { Disturbance, DisturbanceCounters } from '../fair-loss/disturbance'
export { LossyMemoryNetwork } from './lossy-memory-network'
export { MemoryNetwork } from './memory-network'
