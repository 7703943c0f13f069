import { mutants } from './fd'
import { kills } from './kills'

kills(mutants)
