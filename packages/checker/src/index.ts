export * from './linearizability'
export type * from './trace'
