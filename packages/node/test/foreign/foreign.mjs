// A process of the course protocol, as a typical hand-in: see README.md. It shares no code with the packages of this repository.
//   node foreign.mjs HUBHOST HUBPORT HOST PORT1[,PORT2...] ALIAS [--quirks a,b,c] [--index N]
import { parseArgs } from 'node:util'
import { Process } from './process.mjs'

const QUIRKS = ['nosplit', 'emptyfrom', 'nouuid', 'outersys', 'undefminus', 'novalue', 'emptyhubids', 'nosenderhost', 'slow', 'strictproto']

const USAGE = 'usage: node foreign.mjs HUBHOST HUBPORT HOST PORT1[,PORT2...] ALIAS [--quirks a,b,c] [--index N]'

const refuse = (reason) => {
  process.stderr.write(`${reason}\n${USAGE}\n`)
  process.exit(2)
}

const parsePort = (text) => {
  const port = Number(text)
  return /^\d+$/.test(text) && port <= 65_535 ? port : refuse(`port "${text}" is not a number from 0 to 65535`)
}

const parseCommandLine = () => {
  const options = { quirks: { type: 'string', default: '' }, index: { type: 'string', default: '1' } }
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  if (positionals.length !== 5) refuse(`expected 5 arguments, got ${positionals.length}`)
  const [hubHost, hubPort, host, ports, owner] = positionals
  const quirks = new Set(values.quirks.split(',').filter(Boolean))
  for (const quirk of quirks) if (!QUIRKS.includes(quirk)) refuse(`unknown quirk "${quirk}"; there are ${QUIRKS.join(', ')}`)
  if (!/^\d+$/.test(values.index)) refuse(`index "${values.index}" is not a number`)
  return {
    hub: { host: hubHost, port: parsePort(hubPort) },
    host,
    ports: ports.split(',').map(parsePort),
    owner,
    quirks,
    index: Number(values.index),
  }
}

const print = (event, fields) => process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)

const main = () => {
  const { hub, host, ports, owner, quirks, index } = parseCommandLine()
  const counts = {}
  const count = (what, reason) => {
    counts[what] = (counts[what] ?? 0) + 1
    print(what, { count: counts[what], reason })
  }
  const log = (text) => process.stderr.write(`${text}\n`)
  const faults = {
    count,
    malformed: (reason) => {
      log(`malformed: ${reason}`)
      if (quirks.has('strictproto')) process.exit(3)
      count('malformed', reason)
    },
  }
  for (const [i, port] of ports.entries())
    new Process({ hub, host, port, owner, index: index + i, quirks, faults, event: print, log }).start()

  const stop = () => {
    print('stopped', { counts })
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', () => process.exit(0)) // the parent is gone
  process.stdout.on('error', () => process.exit(0))
}

main()
