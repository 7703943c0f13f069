import { mutants } from './consensus'
import { kills } from './kills'

kills(mutants)
