import { printable } from '@upon/contract'
import type { AnyOutcome } from '../system/outcomes'
import { type HubCommand, integer, names, required, type Session, UsageError } from './command'
import { formatOutcome } from './format'
import { inspections } from './inspections'

/** Prints the outcomes of commands that ran together. */
async function report({ output, timeoutMs }: Session, running: readonly Promise<AnyOutcome>[]): Promise<boolean> {
  const settled = await Promise.allSettled(running)
  for (const one of settled) {
    if (one.status === 'rejected') continue
    output.result({ type: 'outcome', ...one.value }, formatOutcome(one.value, timeoutMs, output.colors))
  }
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  return settled.every((one) => one.status === 'fulfilled' && one.value.ok)
}

const orAll = (processes: readonly string[]): readonly string[] | undefined => (processes.length > 0 ? processes : undefined)

const system: HubCommand = {
  name: 'system',
  aliases: ['init'],
  usage: 'system OWNER...',
  help: 'destroy the current system and start a new one with all processes of these owners',
  completes: ['owner'],
  run: async ({ hub }, owners) => {
    required(owners[0], 'an OWNER')
    await hub.system(owners)
    return true
  },
}

const broadcast: HubCommand = {
  name: 'broadcast',
  usage: 'broadcast PROC VALUE',
  help: 'the process broadcasts the value; every process must deliver it',
  completes: ['process', 'nothing'],
  run: (session, [process, value]) => {
    const sender = required(process, 'PROC')
    return report(session, [session.hub.broadcast(sender, integer(value, 'VALUE'))])
  },
}

const write: HubCommand = {
  name: 'write',
  usage: 'write REG VALUE [PROC...]',
  help: 'these processes, or all, write the value to the register',
  completes: ['register', 'nothing', 'process'],
  run: (session, [register, value, ...processes]) => {
    const name = required(register, 'REG')
    return report(session, [session.hub.write(name, integer(value, 'VALUE'), orAll(processes))])
  },
}

const read: HubCommand = {
  name: 'read',
  usage: 'read REG [PROC...]',
  help: 'these processes, or all, read the register',
  completes: ['register', 'process'],
  run: (session, [register, ...processes]) => report(session, [session.hub.read(required(register, 'REG'), orAll(processes))]),
}

const storm: HubCommand = {
  name: 'storm',
  usage: 'storm REG[,REG...] [N]',
  help: 'N concurrent reads and writes from all processes (default: 100); with several registers, N on each, concurrently',
  completes: ['register', 'nothing'],
  run: async (session, [register, count]) => {
    const registers = names(register, 'REG')
    const operations = count === undefined ? 100 : integer(count, 'N', 1, 1_000_000)
    const { quietRegisters } = session.output
    for (const name of registers) quietRegisters.add(name)
    try {
      return await report(
        session,
        registers.map((name) => session.hub.storm(name, { operations })),
      )
    } finally {
      for (const name of registers) quietRegisters.delete(name)
    }
  },
}

const consensus: HubCommand = {
  name: 'consensus',
  usage: 'consensus TOPIC[,TOPIC...] [VALUE...]',
  help: 'all processes propose, these values in order of rank or else distinct ones, and must decide the same; several topics run concurrently',
  completes: ['nothing'],
  run: async (session, [topic, ...values]) => {
    const topics = names(topic, 'TOPIC')
    const numbers = values.map((value) => integer(value, 'VALUE'))
    session.output.topics = topics.length > 1 ? 'named' : 'implied'
    return report(
      session,
      topics.map((name) => session.hub.consensus(name, { values: numbers })),
    )
  },
}

const wait: HubCommand = {
  name: 'wait',
  usage: 'wait SECONDS',
  help: 'wait for this time',
  completes: ['nothing'],
  run: ({ ending }, [text]) => {
    const seconds = /^\d{1,6}(\.\d{1,6})?$/.test(text ?? '') ? Number(text) : Number.NaN
    if (!(seconds <= 86_400)) throw new UsageError('SECONDS is a number from 0 to 86400')
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), seconds * 1000)
      ending.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve(false)
      })
    })
  },
}

const kill: HubCommand = {
  name: 'kill',
  usage: 'kill PROC',
  help: 'kill a reference process (SIGKILL)',
  completes: ['child'],
  run: async ({ reference, hub }, [process]) => {
    const name = required(process, 'PROC')
    if (!reference.names.includes(name)) {
      throw new UsageError(`${printable(name)} is not a running reference process; running: ${reference.names.join(', ') || 'none'}`)
    }
    await reference.kill(name)
    hub.markCrashed(name)
    return true
  },
}

const crashed: HubCommand = {
  name: 'crashed',
  usage: 'crashed PROC',
  help: 'mark a process as crashed: the hub does not wait for it any more',
  completes: ['process'],
  run: ({ hub }, [process]) => {
    hub.markCrashed(required(process, 'PROC'))
    return true
  },
}

const quit: HubCommand = {
  name: 'quit',
  aliases: ['exit'],
  usage: 'quit',
  help: 'stop the reference processes and the hub',
  completes: ['nothing'],
  run: (session) => {
    session.end()
    return true
  },
}

const help: HubCommand = {
  name: 'help',
  usage: 'help [COMMAND]',
  help: 'this list',
  completes: ['nothing'],
  run: ({ output }, [name]) => {
    const wanted = commands.filter((command) => name === undefined || command.name === name || command.aliases?.includes(name))
    if (wanted.length === 0) throw new UsageError(`no command ${printable(name ?? '')}`)
    const width = Math.max(...wanted.map(({ usage }) => usage.length))
    const line = ({ usage, help: text, aliases }: HubCommand) =>
      `  ${usage.padEnd(width)}  ${text}${aliases ? ` (also: ${aliases.join(', ')})` : ''}`
    output.result({ type: 'help', commands: wanted.map(({ usage, help: text }) => ({ usage, help: text })) }, wanted.map(line))
    return true
  },
}

export const commands: readonly HubCommand[] = [
  help,
  ...inspections,
  system,
  broadcast,
  write,
  read,
  storm,
  consensus,
  wait,
  kill,
  crashed,
  quit,
]
