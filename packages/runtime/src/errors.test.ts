import { describe, expect, it, vi } from 'vitest'
import * as faces from './faces'
import * as runtime from './index'

describe('errors of another copy of the package', () => {
  it('are recognised by instanceof, and by their codes', async () => {
    vi.resetModules()
    const [otherRuntime, otherFaces] = [await import('./index'), await import('./faces')]
    const { NoEffectError, OutcomeUnknownError, OperationError, DeliveriesLostError } = faces
    const none: unknown = new otherFaces.NoEffectError('read', 'aborted')
    const unknown: unknown = new otherFaces.OutcomeUnknownError('write', 'stopped')
    expect(otherFaces.NoEffectError).not.toBe(NoEffectError)
    const is = (error: unknown) => [NoEffectError, OutcomeUnknownError, OperationError].map((type) => error instanceof type)
    expect(is(none)).toEqual([true, false, true])
    expect(is(unknown)).toEqual([false, true, true])
    for (const other of [undefined, null, 5, 'UPON_NO_EFFECT', {}, new Error('no'), new TypeError('no')])
      expect(is(other)).toEqual([false, false, false])
    expect(new otherFaces.DeliveriesLostError(1)).toBeInstanceOf(DeliveriesLostError)
    expect(new otherRuntime.ProcessEndedError('p', 'stopped')).toBeInstanceOf(runtime.ProcessEndedError)
    expect(new otherRuntime.OverloadedError('p', 'send')).toBeInstanceOf(runtime.OverloadedError)
    expect(new otherRuntime.HandlerError('p', '', '', '', {}, 1)).toBeInstanceOf(runtime.HandlerError)
  })

  it('are not taken for those of a class that an application derives, and keep their names', () => {
    class Mine extends faces.NoEffectError {}
    const [mine, theirs]: unknown[] = [new Mine('read', 'aborted'), new faces.NoEffectError('read', 'aborted')]
    expect([mine instanceof Mine, theirs instanceof Mine, mine instanceof faces.NoEffectError]).toEqual([true, false, true])
    expect(theirs?.constructor.name).toBe('NoEffectError')
  })
})
