// As register.mjs, in CommonJS.
const { tcpTransport } = require('@upon/transport/tcp')
const { ReadImposeWriteConsultMajority } = require('@upon/register')
const { Process } = require('@upon/runtime')
const { registerFace } = require('@upon/runtime/faces')

const [self = '', ...rest] = process.argv.slice(2)
const addresses = rest.filter((each) => each.includes('='))
const peers = Object.fromEntries(addresses.map((address) => address.split('=')))
tcpTransport({ self, peers }).then(async (links) => {
  const me = new Process({ self, processes: Object.keys(peers), supply: [links] })
  const register = registerFace(me, me.run(ReadImposeWriteConsultMajority))
  for (const text of rest.slice(addresses.length)) await register.write(text)
  console.log(await register.read())
})
