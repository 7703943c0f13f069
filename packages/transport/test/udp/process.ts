import { fork } from 'node:child_process'
import type { ProcessId } from '@upon/contract'
import type { Address, UdpCounters } from '@upon/transport/udp'
import { onTestFinished } from 'vitest'
import { bundled } from '../bundled'
import { until } from '../tcp/support'

export interface Operation {
  readonly process: ProcessId
  readonly kind: 'read' | 'write'
  value: number | undefined
  readonly invokedAtMs: number
  respondedAtMs: number | undefined
}

/** Which links are under the duplicates' elimination. */
export type LayerName = 'retransmit-until-acknowledged' | 'retransmit-forever'

/** What the parent asks of a member, and what that tells. */
export type Command =
  | { do: 'join'; self: ProcessId; addresses: [ProcessId, Address][]; layer: LayerName }
  | { do: 'broadcast'; count: number }
  | { do: 'operate'; count: number }
  | { do: 'say-progress' }
  | { do: 'report' }
export type Report =
  | { is: 'listening'; address: Address }
  | { is: 'joined' }
  | { is: 'progress'; delivered: number; completed: number }
  | { is: 'report'; delivered: string[]; history: Operation[]; counters: UdpCounters }

/** Starts a member in a process of its own, killed when the test is over. */
async function startMember(seed: number) {
  const child = fork(await bundled(new URL('./member-process.ts', import.meta.url)), [`${seed}`], { execArgv: [] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const reports: Report[] = []
  child.on('message', (report: Report) => reports.push(report))
  const reported = async <K extends Report['is']>(is: K, from = 0) => {
    await until(`a member tells: ${is}`, () => reports.slice(from).some((report) => report.is === is))
    return reports.slice(from).find((report): report is Extract<Report, { is: K }> => report.is === is)!
  }
  const tell = (command: Command) => child.send(command)
  const ask = <K extends Report['is']>(question: 'say-progress' | 'report', is: K) => {
    const before = reports.length
    tell({ do: question })
    return reported(is, before)
  }
  return {
    address: (await reported('listening')).address,
    reported,
    tell,
    kill: () => child.kill('SIGKILL'),
    progress: () => ask('say-progress', 'progress'),
    report: () => ask('report', 'report'),
  }
}

export type Member = Awaited<ReturnType<typeof startMember>>

/** Three members that have joined each other. */
export async function startSystem(layer: LayerName): Promise<Member[]> {
  const members = await Promise.all([1, 2, 3].map(startMember))
  const addresses = members.map(({ address }, i): [ProcessId, Address] => [`p${i + 1}`, address])
  for (const [i, member] of members.entries()) member.tell({ do: 'join', self: `p${i + 1}`, addresses, layer })
  await Promise.all(members.map(({ reported }) => reported('joined')))
  return members
}
