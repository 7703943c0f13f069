import { kills } from '../mutants/kills'
import { mutants } from './mutants'
import { mutantsOfSequence } from './mutants-of-sequence'

kills([...mutants, ...mutantsOfSequence])
