export type * from './trace'
