export { ReadImposeWriteConsultMajority } from './atomic/read-impose-write-consult-majority'
