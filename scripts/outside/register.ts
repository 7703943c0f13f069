// As register.mjs, in TypeScript.

import { ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { registerFace } from '@upon/runtime/faces'
import { tcpTransport } from '@upon/transport/tcp'

const [self = '', ...rest] = process.argv.slice(2)
const addresses = rest.filter((each) => each.includes('='))
const peers: Record<string, string> = Object.fromEntries(addresses.map((address) => address.split('=')))
const links = await tcpTransport({ self, peers })
const me = new Process({ self, processes: Object.keys(peers), supply: [links] })
const register = registerFace(me, me.run(ReadImposeWriteConsultMajority.of<string>()))

for (const text of rest.slice(addresses.length)) await register.write(text)
console.log(await register.read())
