import { kills } from '../mutants/kills'
import { mutants } from './mutants'

kills(mutants)
