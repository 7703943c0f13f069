import { proofs } from '../proofs/proofs'
import { links } from './strangers'

proofs('links', links)
