export type { Disturbance, DisturbanceCounters } from '../disturbance'
export type { MemoryNetworkOptions } from './exchange'
export { LossyMemoryNetwork, type LossyMemoryNetworkOptions } from './lossy-memory-network'
export { MemoryNetwork } from './memory-network'
