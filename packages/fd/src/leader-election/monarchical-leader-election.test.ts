import { algorithm, LeaderElection, PerfectFailureDetector, type Port, type ProcessId, shared } from '@upon/contract'
import { Process } from '@upon/runtime'
import { expect, it } from 'vitest'
import { MonarchicalLeaderElection } from './monarchical-leader-election'

/** Process p, of the second rank of three, whose failure detector says what the test says; and whom it elects. */
function elector() {
  let detect: (p: ProcessId) => void = () => {}
  const pfd: Port<PerfectFailureDetector> = {
    sort: 'port',
    abstraction: PerfectFailureDetector,
    open: ({ indicate }) => {
      detect = indicate.crash
      return { upon: {} }
    },
  }
  const elected: string[] = []
  const process = new Process({
    self: 'p',
    processes: ['p', 'q', 'r'],
    rank: (p) => ({ q: 3, p: 2 })[p] ?? 1,
    observe: ({ path, attributes }) => elected.push(`${path}: ${attributes[0]}`),
    observes: (module) => module === 'LeaderElection',
  })
  return { process, layer: MonarchicalLeaderElection.over({ pfd }), elected, detect: (p: ProcessId) => detect(p) }
}

it('LE1 eventual detection: the highest rank leads from the start; when it crashes, the highest that is left', () => {
  const { process, layer, elected, detect } = elector()
  process.run(layer)
  expect(elected).toEqual(['le: q'])
  detect('q')
  expect(elected).toEqual(['le: q', 'le: p'])
})

it('LE2 accuracy: nobody is elected when a process other than the leader crashes', () => {
  const { process, layer, elected, detect } = elector()
  process.run(layer)
  for (const p of ['r', 'p']) detect(p)
  expect(elected).toEqual(['le: q'])
})

it('LE2 accuracy: a process that crashed before its turn is passed over', () => {
  const { process, layer, elected, detect } = elector()
  process.run(layer)
  for (const p of ['p', 'q']) detect(p)
  expect(elected).toEqual(['le: q', 'le: r'])
})

it('keeps its leader if a detector reports that all processes have crashed', () => {
  const { process, layer, elected, detect } = elector()
  process.run(layer)
  for (const p of ['r', 'p', 'q']) detect(p)
  expect(elected).toEqual(['le: q'])
})

const User = algorithm(
  {
    name: 'user',
    implements: { user: LeaderElection },
    uses: { le: shared(MonarchicalLeaderElection) },
    assumes: MonarchicalLeaderElection.assumes,
  },
  ({ user, le, upon }) => {
    upon(le.leader, (p) => user.leader(p))
  },
)

it('LE1 eventual detection: a user that joins a shared instance learns who leads', () => {
  const { process, layer, elected, detect } = elector()
  const user = User.over({ le: layer })
  process.run(user, 'first')
  detect('q')
  elected.splice(0)
  process.run(user, 'second')
  expect(elected).toEqual(['le: p', 'second: p'])
})
