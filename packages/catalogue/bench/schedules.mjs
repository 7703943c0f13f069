// How much is checked in a minute: whole stacks with all checks on. One thread; CPU time, since machines are shared.
import { runSeed } from '@upon/simulator'
import { find } from '../dist/index.js'

const WARM_UP_RUNS = 3_000
const RUNS = 20_000

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

for (const name of ['leader-driven-consensus', 'flooding-uniform-consensus', 'read-impose-write-consult-majority', 'majority-ack']) {
  const { scenario } = find(name)
  for (let seed = 1; seed < WARM_UP_RUNS; seed++) runSeed(scenario, seed)
  const began = cpuSeconds()
  let events = 0
  for (let seed = 1; seed <= RUNS; seed++) events += runSeed(scenario, seed).run.events
  const seconds = cpuSeconds() - began
  const rate = Math.round((RUNS / seconds) * 60)
  console.log(
    `${scenario.name}, 5 processes, full stack, checked: ${rate} schedules a minute a core, ${Math.round(events / seconds)} events/s`,
  )
}
