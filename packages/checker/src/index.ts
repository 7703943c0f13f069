export { type CheckOptions, check, checkAll } from './check'
export { properties } from './properties'
export {
  NBAC1,
  NBAC2,
  NBAC3,
  NBAC4,
  NBAC5,
  UFC1,
  UFC2,
  UFC3,
  UFC4,
  UTRB1,
  UTRB2,
  UTRB3,
  UTRB4,
} from './properties/agreement'
export * from './properties/broadcasts'
export { C1, C2, C3, C4, UC1, UC2, UC3, UC4 } from './properties/consensus'
export * from './properties/detectors'
export * from './properties/epochs'
export * from './properties/links'
export * from './properties/registers'
export { type StoryFocus, storyOf } from './story/story'
export type { Property, PropertyOptions, PropertyVerdict } from './verdict'
