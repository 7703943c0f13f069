// node broadcast.mjs p p=127.0.0.1:5000 q=127.0.0.1:5001 r=127.0.0.1:5002: prints what the processes of the system say to all.
import { BasicBroadcast } from '@upon/broadcast'
import { Process } from '@upon/runtime'
import { broadcastFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'

const [self = '', ...addresses] = process.argv.slice(2)
const peers = Object.fromEntries(addresses.map((address) => address.split('=')))
const links = await tcpTransport({ self, peers })
const me = new Process({ self, processes: Object.keys(peers), supply: [links] })
const { broadcast, deliveries } = broadcastFace(me, me.run(BasicBroadcast))

broadcast(`${self} is here`)
for await (const { from, message } of deliveries) console.log(`${from}: ${message}`)
