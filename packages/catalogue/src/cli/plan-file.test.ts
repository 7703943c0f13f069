import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawPlan } from '@upon/simulator'
import { afterAll, expect, it } from 'vitest'
import { find } from '..'
import { readPlan } from './plan-file'

const folder = mkdtempSync(join(tmpdir(), 'upon-plan-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(plan: unknown): string {
  const file = join(folder, 'plan.json')
  writeFileSync(file, typeof plan === 'string' ? plan : JSON.stringify(plan))
  return file
}

const good = drawPlan(find('uc')!.scenario, 3)

it('reads what a shrunk failure prints', () => {
  expect(readPlan(written(good))).toEqual(JSON.parse(JSON.stringify(good)))
})

it.each([
  ['{', 'expected a plan as a shrunk failure prints it'],
  ['[]', 'expected a plan as a shrunk failure prints it'],
  [{}, 'seed is undefined; expected a number from 0 on'],
  [{ ...good, processes: [] }, 'processes is []; expected the names of the processes'],
  [{ ...good, operations: [{}] }, 'operations is [{}]; expected a list of { process, afterMs, operation }'],
  [{ ...good, faults: [1] }, 'faults is [1]; expected a list of faults'],
  [{ ...good, deviations: { x: 'late' } }, 'deviations is {"x":"late"}; expected delays in ms'],
])('refuses %j with what was wrong and what was expected', (plan, message) => {
  expect(() => readPlan(written(plan))).toThrow(message)
})
