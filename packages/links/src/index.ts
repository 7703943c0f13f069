export { RetransmitUntilAcknowledged } from './at-least-once/retransmit-until-acknowledged'
export { EliminateDuplicates } from './perfect/eliminate-duplicates'
export { RetransmitForever } from './stubborn/retransmit-forever'
