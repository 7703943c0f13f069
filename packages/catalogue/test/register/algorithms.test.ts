import { proofs } from '../proofs/proofs'
import { register } from './strangers'

proofs('register', register)
