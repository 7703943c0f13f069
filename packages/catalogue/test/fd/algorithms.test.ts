import { proofs } from '../proofs/proofs'
import { detectors } from './strangers'

proofs('fd', detectors)
