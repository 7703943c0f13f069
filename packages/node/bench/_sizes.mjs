// How long our messages are, so that the baseline sends the same bytes.
import { encode, Type, toValue, UPON_VERSION, wrap } from '@upon/protocol'
import { BROADCAST, PROPOSE, RAW, WRITE } from './_raw-codec.mjs'

const value = { value: toValue(123_456) }
const stamped = { readId: 1_000, timestamp: 1_000, writerRank: 2, ...value }

const bytes = (to, message) =>
  encode(wrap({ systemId: 'sys-1', to, senderHost: '127.0.0.1', senderListeningPort: 40_000, message, upon: UPON_VERSION })).length

export const sizes = {
  [WRITE]: {
    [RAW.command]: bytes('app.pl', { type: Type.APP_WRITE, appWrite: { register: 'r12', ...value } }),
    [RAW.ask]: bytes('app.nnar[r12].beb.pl', { type: Type.NNAR_INTERNAL_WRITE, nnarInternalWrite: stamped }),
    [RAW.answer]: bytes('app.nnar[r12].pl', { type: Type.NNAR_INTERNAL_VALUE, nnarInternalValue: stamped }),
    [RAW.report]: bytes('app.pl', { type: Type.APP_WRITE_RETURN, appWriteReturn: { register: 'r12' } }),
  },
  [BROADCAST]: {
    [RAW.command]: bytes('app.pl', { type: Type.APP_BROADCAST, appBroadcast: value }),
    [RAW.tell]: bytes('app.beb.pl', { type: Type.APP_VALUE, appValue: value }),
    [RAW.report]: bytes('app.pl', { type: Type.APP_VALUE, appValue: value }),
  },
  [PROPOSE]: {
    [RAW.command]: bytes('app.pl', { type: Type.APP_PROPOSE, appPropose: { topic: 't123', ...value } }),
    [RAW.ask]: bytes('app.uc[t123].ep[0].beb.pl', { type: Type.EP_INTERNAL_WRITE, epInternalWrite: value }),
    [RAW.answer]: bytes('app.uc[t123].ep[0].pl', { type: Type.EP_INTERNAL_STATE, epInternalState: { valueTimestamp: 0, ...value } }),
    [RAW.tell]: bytes('app.uc[t123].ep[0].beb.pl', { type: Type.EP_INTERNAL_DECIDED, epInternalDecided: value }),
    [RAW.report]: bytes('app.pl', { type: Type.APP_DECIDE, appDecide: value }),
  },
}
