import { mutants } from './broadcast'
import { kills } from './kills'

kills(mutants)
