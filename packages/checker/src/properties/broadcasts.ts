import { liveness, safety } from '../verdict'
import { causalOrder, fifoOrder, totalOrder } from './order'
import { agreement, messagesOf, noCreation, noDuplication, validity } from './traffic'

const validToAll = (name: string) => liveness(name, (run, path) => validity(run, messagesOf(run, path), 'all'))
const validToSelf = (name: string) => liveness(name, (run, path) => validity(run, messagesOf(run, path), 'self'))
const notTwice = (name: string) => safety(name, (run, path) => noDuplication(messagesOf(run, path)))
const notMadeUp = (name: string) => safety(name, (run, path) => noCreation(messagesOf(run, path)))
const agreed = (name: string, among: 'correct' | 'all') => liveness(name, (run, path) => agreement(run, messagesOf(run, path), among))
const ordered = (name: string, among: 'correct' | 'all') => safety(name, (run, path) => totalOrder(run, messagesOf(run, path), among))

export const BEB1 = validToAll('BEB1')
export const BEB2 = notTwice('BEB2')
export const BEB3 = notMadeUp('BEB3')

export const PB2 = notTwice('PB2')
export const PB3 = notMadeUp('PB3')

export const RB1 = validToSelf('RB1')
export const RB2 = notTwice('RB2')
export const RB3 = notMadeUp('RB3')
export const RB4 = agreed('RB4', 'correct')

export const URB1 = validToSelf('URB1')
export const URB2 = notTwice('URB2')
export const URB3 = notMadeUp('URB3')
export const URB4 = agreed('URB4', 'all')

export const FRB5 = safety('FRB5', (run, path) => fifoOrder(run, messagesOf(run, path)))
export const CRB5 = safety('CRB5', (run, path) => causalOrder(messagesOf(run, path)))

export const TOB1 = validToSelf('TOB1')
export const TOB2 = notTwice('TOB2')
export const TOB3 = notMadeUp('TOB3')
export const TOB4 = agreed('TOB4', 'correct')
export const TOB5 = ordered('TOB5', 'correct')

export const UTOB1 = validToSelf('UTOB1')
export const UTOB2 = notTwice('UTOB2')
export const UTOB3 = notMadeUp('UTOB3')
export const UTOB4 = agreed('UTOB4', 'all')
export const UTOB5 = ordered('UTOB5', 'all')
