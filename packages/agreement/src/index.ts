export { ConsensusBasedAtomicCommit } from './commit/consensus-based-atomic-commit'
export { ConsensusBasedTerminatingBroadcast } from './terminating/consensus-based-terminating-broadcast'
export { ConsensusBasedTotalOrder } from './total-order/consensus-based-total-order'
export { ConsensusBasedUniformTotalOrder } from './total-order/consensus-based-uniform-total-order'
