import { BasicBroadcast } from '@upon/broadcast'
import { check } from '@upon/checker'
import { ReliableBroadcast } from '@upon/contract'
import { describe, expect, it } from 'vitest'
import {
  type ExploreOptions,
  explore,
  exploreUntil,
  openSession,
  runSeeds,
  runSeedsUntil,
  type Scenario,
  type Session,
  search,
  walk,
} from '../src'

/** Best effort, judged as if it were reliable: a sender that crashes shows that it is not. */
const setup: Scenario<string>['setup'] = (process) => {
  const beb = process.run(BasicBroadcast.of<string>())
  process.upon(beb.deliver, () => {})
  return (m, done) => {
    beb.broadcast(m)
    done()
  }
}

const open = () => openSession({ processes: 3, seed: 7, model: { model: 'fail-silent', resilience: 'f < N' }, setup })

const isUnreliable = ({ trace }: Session<string>) => {
  const entries = trace.entries.map((entry) =>
    entry.type === 'event' && entry.path === 'beb' ? { ...entry, module: 'ReliableBroadcast' } : entry,
  )
  return check({ ...trace, entries }, ReliableBroadcast, { path: 'beb' }).some(({ holds }) => holds === false)
}

describe('from the state of a session', () => {
  it('a walk goes on within the model, and the session stays as it was', () => {
    const session = open()
    session.apply({ do: 'request', process: 'p1', operation: 'm' })
    const walked = walk(session, 3)
    expect(session.log).toHaveLength(1)
    expect(walked.log.slice(0, 1)).toEqual(session.log)
    expect(walked.log.length).toBeGreaterThan(1)
    expect(walked.broken).toEqual([])
    expect(walk(session, 3).trace).toEqual(walked.trace)
    expect(openSession({ processes: 3, seed: 7, model: { model: 'fail-silent', resilience: 'f < N' }, setup }).fork().log).toEqual([])
  })

  it('a bad end is found where there is one, and none where there is none', async () => {
    const session = open()
    session.apply({ do: 'request', process: 'p1', operation: 'm' })
    const found = await search(session, { isFound: isUnreliable })
    expect(found?.log.some((command) => command.do === 'crash')).toBe(true)
    session.apply({ do: 'rest' })
    expect(await search(session, { isFound: isUnreliable, runs: 50 })).toBeUndefined()
  })

  it('a search can be stopped', async () => {
    const stop = new AbortController()
    const seen: number[] = []
    const onProgress = (runs: number) => {
      seen.push(runs)
      if (runs === 3) stop.abort()
    }
    expect(await search(open(), { isFound: () => false, runs: 1e9, signal: stop.signal, onProgress })).toBeUndefined()
    expect(seen.length).toBeGreaterThanOrEqual(3)
  })
})

const scenario: Scenario<string> = {
  name: 'beb',
  processes: 3,
  model: 'fail-silent',
  resilience: 'f < N',
  setup,
  operations: (_, [p = '']) => [{ process: p, afterMs: 0, operation: 'm' }],
  check: () => undefined,
}

describe('seeds and schedules', () => {
  it('that are not stopped give what those give that cannot be', async () => {
    expect(await runSeedsUntil(scenario, 1, 20, {})).toEqual(runSeeds(scenario, 1, 20))
    expect(await exploreUntil(exploring, {})).toEqual(explore(exploring))
    expect(explore(exploring).isComplete).toBe(true)
  })

  it('give what they have when they are stopped', async () => {
    const stop = new AbortController()
    const onProgress = ({ runs }: { readonly runs: number }) => runs === 2 && stop.abort()
    const { runs } = await runSeedsUntil(scenario, 1, 1e9, { signal: stop.signal, onProgress })
    expect(runs).toBeGreaterThanOrEqual(2)
    const { isComplete, states } = await exploreUntil(exploring, { signal: AbortSignal.abort() })
    expect([isComplete, states]).toEqual([false, 0])
  })
})

const exploring: ExploreOptions<string> = {
  processes: 2,
  crashes: 1,
  setup: (process) => setup(process as never),
  operations: [{ process: 'p1', afterMs: 0, operation: 'm' }],
  check: () => undefined,
}
