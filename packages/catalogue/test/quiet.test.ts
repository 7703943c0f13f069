import { runSeed } from '@upon/simulator'
import { expect, it } from 'vitest'
import { find } from '../src'

it('a run is not quiescent while answers are under way that take longer than three periods of a detector', () => {
  const { run, violation } = runSeed(find('increasing-timeout-in-a-hurry')!.scenario, 0x4c4f5f)
  expect(violation).toBeUndefined()
  expect(run.end).toBe('quiescent')
})
