import { kills } from '../mutants/kills'
import { mutants } from './mutants'
import { mutantsOfGossip } from './mutants-of-gossip'
import { mutantsOfOrder } from './mutants-of-order'

kills([...mutants, ...mutantsOfOrder, ...mutantsOfGossip])
