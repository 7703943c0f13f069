import { proofs } from '../proofs/proofs'

proofs('agreement', [])
