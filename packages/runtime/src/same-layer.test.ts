import { algorithm } from '@upon/contract'
import { expect, it } from 'vitest'
import { assumes, Step } from '../test/modules'
import { isSameLayer } from './same-layer'

it('layers that begin in different states are different, though they behave alike', () => {
  const behaviour = () => {}
  const layer = (state: () => { n: number }) =>
    algorithm({ name: 'counter', implements: { step: Step }, uses: {}, state, assumes }, behaviour)
  const [zero, one] = [() => ({ n: 0 }), () => ({ n: 1 })]
  expect(isSameLayer(layer(zero), layer(zero))).toBe(true)
  expect(isSameLayer(layer(zero), layer(one))).toBe(false)
})
