import { proofs } from '../proofs/proofs'
import { consensus } from './strangers'

proofs('consensus', consensus)
