import type { Observation } from '@upon/runtime'
import type { SystemOptions } from '../system-options'
import type { Recorder } from './recorder'

/** What the runtime is to show, and to whom: nothing if nobody looks. */
export function observing(observe: SystemOptions['observe'], recorder: Recorder | undefined) {
  if (observe === undefined && recorder === undefined) return {}
  return {
    clock: () => performance.now(),
    observe: (observation: Observation) => {
      recorder?.observe(observation)
      observe?.(observation)
    },
  }
}
