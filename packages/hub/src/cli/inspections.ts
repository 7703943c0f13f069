import { printable } from '@upon/contract'
import { drawHistory, linearizable } from '@upon/linearizability'
import Table from 'cli-table3'

import type { RegisteredProcess } from '../processes/registry'
import { type HubCommand, required, type Session, UsageError } from './command'
import { formatVerdict } from './format'
import type { ScreenLevel } from './options'

const list: HubCommand = {
  name: 'list',
  usage: 'list',
  help: 'the registered processes',
  completes: ['nothing'],
  run: ({ hub, output }) => {
    const rows = hub.processes.map((process) => ({ ...process, state: stateOf(hub, process) }))
    const { bold } = output.colors
    const table = new Table({
      head: ['owner', 'index', 'host', 'port', 'connections', 'state'].map((head) => bold(head)),
      style: { head: [], border: [] },
    })
    for (const { owner, index, host, port, isKept, state } of rows)
      table.push([owner, index, host, port, isKept ? 'kept' : 'classic', state])
    output.result({ type: 'processes', processes: rows }, rows.length > 0 ? [table.toString()] : ['nobody is registered'])
    return true
  },
}

function stateOf(hub: Session['hub'], { name, isCrashed, host, port }: RegisteredProcess): string {
  if (isCrashed) return 'crashed'
  const member = hub.current?.members.find((other) => other.name === name && other.host === host && other.port === port)
  const place = member ? `rank ${member.rank} in ${hub.current?.id}` : 'registered'
  return hub.isDown(name) ? `${place}, refuses connections` : place
}

const LEVELS: readonly ScreenLevel[] = ['info', 'debug', 'trace']

const log: HubCommand = {
  name: 'log',
  usage: 'log info|debug|trace',
  help: 'what to show: debug adds all messages, except heartbeats, which do not pass through the hub; the log file has everything',
  completes: ['level', 'nothing'],
  run: ({ output }, [text]) => {
    const level = LEVELS.find((known) => known === text)
    if (!level) throw new UsageError(`a level is info, debug or trace${text === undefined ? '' : `, not '${printable(text, 40)}'`}`)
    output.level = level
    output.result({ type: 'level', level }, [`showing ${level}`])
    return true
  },
}

const lin: HubCommand = {
  name: 'lin',
  usage: 'lin REG',
  help: "draw the register's operations and check whether they are atomic (linearizable)",
  completes: ['register', 'nothing'],
  run: ({ hub, output }, [text]) => {
    const register = required(text, 'REG')
    const history = hub.history(register)
    if (history.length === 0) throw new UsageError(`no operation on ${printable(register, 60)} in this system`)
    const verdict = linearizable(history)
    const widthColumns = process.stdout.columns ?? 100
    const picture = drawHistory(history, verdict, { widthColumns, colors: output.colors.isColorSupported }).trimEnd()
    const lines = [picture, ...formatVerdict(register, history, verdict, output.colors)]
    output.result({ type: 'linearizability', register, operations: history.length, ...verdict }, lines)
    return verdict.outcome === 'linearizable'
  },
}

const status: HubCommand = {
  name: 'status',
  usage: 'status',
  help: 'the current system, and the counters of the hub',
  completes: ['nothing'],
  run: ({ hub, output }) => {
    const { ignored, suppressedLines, waitingBytes, pending, endpoint } = hub.counters
    const { current } = hub
    const flat = (counters: object): string =>
      Object.entries(counters)
        .map(([name, value]) => (typeof value === 'object' ? `${name} (${flat(value)})` : `${name} ${value}`))
        .join(', ')
    const lines = [
      current ? `${current.id}: ${current.members.map(({ name }) => name).join(', ')}; ${pending} answers awaited` : 'no system',
      `ignored: ${flat(ignored)}; ${suppressedLines} lines left out of the log; ${waitingBytes} bytes wait`,
      ...Object.entries(endpoint).map(([name, value]) => `${name}: ${typeof value === 'object' ? flat(value) : value}`),
    ]
    output.result({ type: 'status', system: current?.id, pending, ignored, suppressedLines, waitingBytes, endpoint }, lines)
    return true
  },
}

export const inspections: readonly HubCommand[] = [log, list, status, lin]
