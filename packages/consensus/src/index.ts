export { LeaderBasedEpochChange } from './epoch-change/leader-based-epoch-change'
export { ReadWriteEpochConsensus } from './epoch-consensus/read-write-epoch-consensus'
export { LeaderDrivenConsensus } from './uniform/leader-driven-consensus'
