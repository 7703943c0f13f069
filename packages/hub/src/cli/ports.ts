import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { printable } from '@upon/contract'
import { ListenError } from '@upon/transport/tcp'
import { HubError } from '../errors'

/** The system's code for why an address cannot be had, if that is why the hub does not listen. */
export function listenCode(error: unknown): string | undefined {
  return error instanceof HubError && error.cause instanceof ListenError ? error.cause.code : undefined
}

/** Why the hub cannot listen, in words for people, and what to do about it. */
export function explainListening(code: string | undefined, host: string, port: number, message: string): string {
  const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is taken: ${holderOf(port) ?? 'another program'} listens there already. End it, or take another port: --port ${port + 1}, or --port 0 for a free one`
    case 'EACCES':
      return `port ${port} needs rights that this user does not have (those below 1024 do): take another port, e.g. --port 5000, or --port 0 for a free one`
    case 'EADDRNOTAVAIL':
      return `cannot listen on ${where}: no interface of this machine has that address. Take one that it has, e.g. --host 127.0.0.1, or --host 0.0.0.0 for all`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `cannot listen on ${where}: there is no host of that name. Take an address of this machine, e.g. --host 127.0.0.1`
    case 'EAFNOSUPPORT':
      return `cannot listen on ${where}: this machine has no IPv6. Take an IPv4 address, e.g. --host 127.0.0.1`
    default:
      return message
  }
}

/** The program that listens on a port of this machine, where Linux lets this user see it. */
function holderOf(port: number): string | undefined {
  try {
    const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listeningSockets(readFileSync(`/proc/net/${table}`, 'latin1'), port)))
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (hasOpen(pid, sockets)) return `process ${pid} (${printable(commandOf(pid), 80)})`
    }
  } catch {
    // another system, or nothing that we may see
  }
  return undefined
}

const LISTENING = '0A'

/** The inodes of the sockets that listen on a port, in a table of /proc/net. */
function listeningSockets(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/))
  return rows.filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === LISTENING).map((row) => `socket:[${row[9]}]`)
}

function hasOpen(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`)))
  } catch {
    return false
  }
}

const commandOf = (pid: string): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
