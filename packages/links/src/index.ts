export { RetransmitUntilAcknowledged } from './at-least-once/retransmit-until-acknowledged'
export * from './memory'
export { EliminateDuplicates } from './perfect/eliminate-duplicates'
export { RetransmitForever } from './stubborn/retransmit-forever'
