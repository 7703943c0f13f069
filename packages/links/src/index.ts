export { RetransmitUntilAcknowledged } from './at-least-once/retransmit-until-acknowledged'
export { SequenceNumber } from './fifo/sequence-number'
export { EliminateDuplicates } from './perfect/eliminate-duplicates'
export { RetransmitForever } from './stubborn/retransmit-forever'
