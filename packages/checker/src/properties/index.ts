import type { Property } from '../verdict'
import * as agreement from './agreement'
import * as broadcasts from './broadcasts'
import * as consensus from './consensus'
import * as detectors from './detectors'
import * as epochs from './epochs'
import * as links from './links'
import { PB1 } from './probabilistic'
import * as registers from './registers'
import * as sequence from './sequence'

const { NBAC1, NBAC2, NBAC3, NBAC4, NBAC5, UFC1, UFC2, UFC3, UFC4, UTRB1, UTRB2, UTRB3, UTRB4 } = agreement
const { BEB1, BEB2, BEB3, RB1, RB2, RB3, RB4, URB1, URB2, URB3, URB4, FRB5, CRB5 } = broadcasts
const { PB2, PB3 } = broadcasts
const { TOB1, TOB2, TOB3, TOB4, TOB5, UTOB1, UTOB2, UTOB3, UTOB4, UTOB5 } = broadcasts
const { C1, C2, C3, C4, UC1, UC2, UC3, UC4 } = consensus
const { PFD1, PFD2, LE1, LE2, EPFD1, EPFD2, ELD1, ELD2 } = detectors
const { EC1, EC2, EC3, EP1, EP2, EP3, EP4, EP5, EP6 } = epochs
const { ALO1, ALO2, FLL1, FLL2, FLL3, FPL1, FPL2, FPL3, FPL4, PL1, PL2, PL3, SL1, SL2 } = links
const { NNAR1, NNAR2, ONAR1, ONAR2, ONAR3, ONRR1, ONRR2, OOAR1, OOAR2, OOAR3 } = registers
const { SEQ1, SEQ2, SEQ3, SEQ4, SEQ5, SEQ6, SEQ7 } = sequence

/** The checks, by the book's name of the module, then by the name of the property. */
export const properties: Readonly<Record<string, Readonly<Record<string, Property>>>> = {
  FairLossPointToPointLinks: { FLL1, FLL2, FLL3 },
  StubbornPointToPointLinks: { SL1, SL2 },
  AtLeastOncePointToPointLinks: { ALO1, ALO2 },
  PerfectPointToPointLinks: { PL1, PL2, PL3 },
  FIFOPerfectPointToPointLinks: { FPL1, FPL2, FPL3, FPL4 },
  PerfectFailureDetector: { PFD1, PFD2 },
  LeaderElection: { LE1, LE2 },
  EventuallyPerfectFailureDetector: { EPFD1, EPFD2 },
  EventualLeaderDetector: { ELD1, ELD2 },
  BestEffortBroadcast: { BEB1, BEB2, BEB3 },
  ReliableBroadcast: { RB1, RB2, RB3, RB4 },
  UniformReliableBroadcast: { URB1, URB2, URB3, URB4 },
  ProbabilisticBroadcast: { PB1, PB2, PB3 },
  FIFOReliableBroadcast: { FRB1: RB1, FRB2: RB2, FRB3: RB3, FRB4: RB4, FRB5 },
  CausalOrderReliableBroadcast: { CRB1: RB1, CRB2: RB2, CRB3: RB3, CRB4: RB4, CRB5 },
  CausalOrderUniformReliableBroadcast: { CURB1: URB1, CURB2: URB2, CURB3: URB3, CURB4: URB4, CURB5: CRB5 },
  TotalOrderBroadcast: { TOB1, TOB2, TOB3, TOB4, TOB5 },
  UniformTotalOrderBroadcast: { UTOB1, UTOB2, UTOB3, UTOB4, UTOB5 },
  UniformTerminatingReliableBroadcast: { UTRB1, UTRB2, UTRB3, UTRB4 },
  UniformFastConsensus: { UFC1, UFC2, UFC3, UFC4 },
  NonBlockingAtomicCommit: { NBAC1, NBAC2, NBAC3, NBAC4, NBAC5 },
  RegularRegister: { ONRR1, ONRR2 },
  OneOneAtomicRegister: { OOAR1, OOAR2, OOAR3 },
  OneNAtomicRegister: { ONAR1, ONAR2, ONAR3 },
  AtomicRegister: { NNAR1, NNAR2 },
  Consensus: { C1, C2, C3, C4 },
  UniformConsensus: { UC1, UC2, UC3, UC4 },
  EpochChange: { EC1, EC2, EC3 },
  EpochConsensus: { EP1, EP2, EP3, EP4, EP5, EP6 },
  SequenceConsensus: { SEQ1, SEQ2, SEQ3, SEQ4, SEQ5, SEQ6, SEQ7 },
}
