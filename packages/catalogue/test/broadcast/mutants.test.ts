import { kills } from '../mutants/kills'
import { mutants } from './mutants'
import { mutantsOfOrder } from './mutants-of-order'

kills([...mutants, ...mutantsOfOrder])
