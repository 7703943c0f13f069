import { it } from 'vitest'
import { leavesNothingBehind } from './soak'

it('600 operations and 40 topics leave nothing behind when their system is destroyed', () => leavesNothingBehind(600, 40))
