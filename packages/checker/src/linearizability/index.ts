export { type DrawOptions, drawHistory } from './draw'
export { InvalidHistory, type Linearized, type Operation, type Verdict } from './history'
export { type LinearizableOptions, linearizable } from './linearizable'
