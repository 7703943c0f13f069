// node register.mjs p p=127.0.0.1:5000 q=127.0.0.1:5001 r=127.0.0.1:5002 [text]: writes the text, if there is one, and prints what it reads.

import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registerFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'

const [self = '', ...rest] = process.argv.slice(2)
const addresses = rest.filter((each) => each.includes('='))
const peers = Object.fromEntries(addresses.map((address) => address.split('=')))
const links = await tcpTransport({ self, peers })
const me = new Process({ self, processes: Object.keys(peers), supply: [links] })
const register = registerFace(me, me.run(ReadImposeWriteConsultMajority))

for (const text of rest.slice(addresses.length)) await register.write(text)
console.log(await register.read())
