/** A process of the system in a process of its own, driven over its IPC channel; see `process.ts`. */
import { BasicBroadcast } from '@upon/broadcast'
import { EliminateDuplicates, RetransmitForever, RetransmitUntilAcknowledged } from '@upon/links'
import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process, systemTimer } from '@upon/runtime'
import { UdpEndpoint } from '@upon/transport/udp'
import { seeded } from '../seeded'
import type { Command, Operation, Report } from './process'

const tell = (report: Report) => process.send?.(report)
const seed = Number(process.argv[2])
const disturbance = { random: seeded(seed), lostPercent: 30, duplicatedPercent: 20, overtakenPercent: 10 }
const endpoint = await UdpEndpoint.listen({ host: '127.0.0.1', port: 0, disturbance })

const layers = {
  'retransmit-until-acknowledged': EliminateDuplicates.over({ alo: RetransmitUntilAcknowledged.with({ delayMs: 20, window: 64 }) }),
  'retransmit-forever': EliminateDuplicates.over({ alo: RetransmitForever.with({ delayMs: 50 }) }),
}

function join({ self, addresses, layer }: Command & { do: 'join' }) {
  const pl = layers[layer]
  const member = new Process({ self, processes: addresses.map(([p]) => p), supply: [endpoint.transport({ addresses }), systemTimer] })
  const beb = member.run(BasicBroadcast.over({ pl }).of<string>(), 'beb')
  const nnar = member.run(ReadImposeWriteConsultMajority.over({ pl, beb: BasicBroadcast.over({ pl }) }).of<number>(), 'nnar')
  const delivered: string[] = []
  const history: Operation[] = []
  const done = (value: number | undefined) => {
    const operation = history.at(-1)!
    if (operation.kind === 'read') operation.value = value
    operation.respondedAtMs = nowMs()
    operate()
  }
  let left = 0
  const operate = () => {
    if (left-- <= 0) return
    const kind = (left + seed) % 2 === 0 ? 'write' : 'read'
    const value = kind === 'write' ? seed * 1_000 + left : undefined
    history.push({ process: self, kind, value, invokedAtMs: nowMs(), respondedAtMs: undefined })
    if (kind === 'write') nnar.write(value as number)
    else nnar.read()
  }
  member.upon(beb.deliver, (p, m) => void delivered.push(`${p} ${m}`))
  member.upon(nnar.readReturn, (v) => done(v))
  member.upon(nnar.writeReturn, () => done(undefined))
  return {
    delivered,
    history,
    broadcast: (count: number) => {
      for (let i = 0; i < count; i++) beb.broadcast(`${i}`)
    },
    operate: (count: number) => {
      left = count
      operate()
    },
  }
}

/** The clock of the machine that never goes back, and is the same for all its processes. */
const nowMs = () => Number(process.hrtime.bigint()) / 1e6

let member: ReturnType<typeof join> | undefined

process.on('message', (command: Command) => {
  if (command.do === 'join') {
    member = join(command)
    tell({ is: 'joined' })
  } else if (command.do === 'broadcast') member?.broadcast(command.count)
  else if (command.do === 'operate') member?.operate(command.count)
  else if (command.do === 'say-progress') {
    const completed = member?.history.filter(({ respondedAtMs }) => respondedAtMs !== undefined).length ?? 0
    tell({ is: 'progress', delivered: member?.delivered.length ?? 0, completed })
  } else tell({ is: 'report', delivered: member?.delivered ?? [], history: member?.history ?? [], counters: endpoint.counters })
})

tell({ is: 'listening', address: endpoint.address })
