import { proofs } from '../proofs/proofs'
import { broadcast } from './strangers'

proofs('broadcast', broadcast)
