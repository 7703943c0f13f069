import { kills } from './kills'
import { mutants } from './register'

kills(mutants)
