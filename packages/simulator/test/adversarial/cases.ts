import { agreement } from './agreement'
import { broadcasts } from './broadcasts'
import { consensus } from './consensus'
import { detectors } from './detectors'
import { links } from './links'
import { registers } from './registers'

export const cases = [...links, ...detectors, ...broadcasts, ...registers, ...consensus, ...agreement]
