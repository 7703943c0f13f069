// Whole processes under load, beside a raw-socket baseline of the same bytes in the same run. README.md says how to read it.
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { columns } from './_cluster.mjs'
import { measure } from './_rows.mjs'

const { values: flags } = parseArgs({
  options: {
    connections: { type: 'string' },
    against: { type: 'string' },
    json: { type: 'boolean', default: false },
    ms: { type: 'string', default: '1500' },
    kills: { type: 'string', default: '5' },
    only: { type: 'string' },
    column: { type: 'string', multiple: true },
  },
  strict: false,
  allowPositionals: true,
})

function chosenColumns() {
  if (flags.column !== undefined) return flags.column
  const names = Object.keys(columns).filter((name) => name !== 'foreign' || flags.against === 'foreign')
  if (flags.connections === 'kept') return names.filter((name) => name.endsWith('kept'))
  if (flags.connections === 'classic') return names.filter((name) => !name.endsWith('kept'))
  return names
}

const options = { durationMs: Number(flags.ms), kills: Number(flags.kills), only: flags.only?.split(',') }
const results = {}
for (const name of chosenColumns()) {
  process.stderr.write(`${name} ...\n`)
  results[name] = await measure(columns[name], options)
}

const number = (value) => (value === undefined ? '' : value >= 100 ? value.toFixed(0) : value.toPrecision(3))

/** How many times better (above 1) or worse than the baseline. */
function ratio(name, row) {
  const { value, better } = results[name][row]
  const baseline = results[columns[name].baseline]?.[row]?.value
  if (baseline === undefined) return ''
  return `x${(better === 'more' ? value / baseline : baseline / value).toFixed(2)}`
}

function print() {
  const names = Object.keys(results)
  const rows = [...new Set(names.flatMap((name) => Object.keys(results[name])))]
  const label = Math.max(...rows.map((row) => row.length)) + 2
  const width = (name) => Math.max(16, name.length + 2)
  console.log(''.padEnd(label) + names.map((name) => name.padStart(width(name))).join(''))
  for (const row of rows) {
    const cell = (name) =>
      (results[name][row] ? `${number(results[name][row].value)} ${ratio(name, row).padStart(6)}` : '').padStart(width(name))
    console.log(row.padEnd(label) + names.map(cell).join(''))
  }
  console.log(
    `x: times better than raw sockets that carry the same bytes. ${cpus().length} cores, ${cpus()[0].model}, Node ${process.version}.`,
  )
}

if (flags.json) {
  const plain = Object.entries(results).map(([name, rows]) => [
    name,
    Object.fromEntries(Object.entries(rows).map(([row, { value }]) => [row, value])),
  ])
  console.log(JSON.stringify({ node: process.version, cores: cpus().length, results: Object.fromEntries(plain) }))
} else print()
process.exit()
