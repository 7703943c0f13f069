import { kills } from './kills'
import { mutants } from './links'

kills(mutants)
