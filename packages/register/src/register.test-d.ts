import { IncreasingTimeout } from '@upon/fd'
import { test } from 'vitest'
import {
  MajorityVoting,
  OneNAtomicToNNAtomic,
  OneNRegularToOneOneAtomic,
  OneOneAtomicToOneNAtomic,
  ReadImposeWriteAll,
  ReadImposeWriteConsultAll,
  ReadImposeWriteConsultMajority,
  ReadImposeWriteMajority,
  ReadOneWriteAll,
} from './index'

test('a register replaces one that guarantees less', () => {
  for (const onrr of [ReadOneWriteAll, MajorityVoting, ReadImposeWriteAll, ReadImposeWriteMajority, ReadImposeWriteConsultMajority])
    OneNRegularToOneOneAtomic.over({ onrr })
  for (const ooar of [OneNRegularToOneOneAtomic, OneOneAtomicToOneNAtomic, ReadImposeWriteAll, ReadImposeWriteConsultAll])
    OneOneAtomicToOneNAtomic.over({ ooar })
  for (const onar of [OneOneAtomicToOneNAtomic, ReadImposeWriteMajority, ReadImposeWriteConsultAll, OneNAtomicToNNAtomic])
    OneNAtomicToNNAtomic.over({ onar })
})

test('and does not replace one that guarantees more', () => {
  // @ts-expect-error a regular register is not atomic, not even for one reader
  OneOneAtomicToOneNAtomic.over({ ooar: MajorityVoting })
  // @ts-expect-error a regular register is not atomic
  OneNAtomicToNNAtomic.over({ onar: ReadOneWriteAll })
  // @ts-expect-error an atomic register of one reader is not one of many
  OneNAtomicToNNAtomic.over({ onar: OneNRegularToOneOneAtomic })
  // @ts-expect-error an atomic register of one reader is not regular for many
  OneNRegularToOneOneAtomic.over({ onrr: OneNRegularToOneOneAtomic })
})

test('an algorithm that waits for all processes needs a perfect failure detector', () => {
  // @ts-expect-error an eventually perfect detector may be wrong, and then values are lost
  ReadOneWriteAll.over({ pfd: IncreasingTimeout })
  // @ts-expect-error
  ReadImposeWriteAll.over({ pfd: IncreasingTimeout })
  // @ts-expect-error
  ReadImposeWriteConsultAll.over({ pfd: IncreasingTimeout })
})
