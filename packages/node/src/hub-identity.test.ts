import { describe, expect, it } from 'vitest'
import { HubIdentity } from './hub-identity'

const says = (senderHost: string, senderListeningPort = 5_000) => ({ senderHost, senderListeningPort })
const from = (remoteAddress: string) => ({ remoteAddress, remotePort: 40_000 })

describe('who may speak for the hub', () => {
  it.each([
    ['its address', says('10.0.0.1'), '10.0.0.9', true],
    ['another name for it, over a connection from its address', says('hub.example'), '10.0.0.1', true],
    ['no host, over a connection from its address', says(''), '10.0.0.1', true],
    ['no host, from elsewhere', says(''), '10.0.0.2', false],
    ['every address of a machine, from elsewhere', says('0.0.0.0'), '10.0.0.2', false],
    ['another host', says('10.0.0.2'), '10.0.0.2', false],
    ['another port of its host', says('10.0.0.1', 5_001), '10.0.0.1', false],
    ['no port', says('10.0.0.1', 0), '10.0.0.1', false],
    ['no host, from this machine, where the hub is not', says(''), '127.0.0.1', false],
  ])('a sender that names %s', (_, sender, remoteAddress, expected) => {
    expect(new HubIdentity({ host: '10.0.0.1', port: 5_000 }).isSender(sender, from(remoteAddress))).toBe(expected)
  })

  it('a hub that we know by a name speaks from the addresses of that name', async () => {
    let resolvable = false
    const hub = new HubIdentity({ host: 'hub.example', port: 5_000 }, async () => {
      if (!resolvable) throw new Error('ENOTFOUND')
      return ['10.0.0.1', '10.0.0.2']
    })
    await hub.resolve()
    expect(hub.isSender(says('hub.example'), from('10.0.0.3'))).toBe(true)
    expect(hub.isSender(says('10.0.0.2'), from('10.0.0.3'))).toBe(false)
    resolvable = true
    await hub.resolve()
    expect(hub.isSender(says('10.0.0.2'), from('10.0.0.3'))).toBe(true)
    expect(hub.isSender(says(''), from('10.0.0.1'))).toBe(true)
  })
})

describe('which start of the hub this is', () => {
  it('another start of the hub is noticed once, and what the earlier one still says is ignored', () => {
    const hub = new HubIdentity({ host: '127.0.0.1', port: 5_000 })
    expect(['a', 'a', undefined, 'b', 'a', 'b', 'c', 'b'].map((said) => hub.heard(said))).toEqual([
      ...['first', 'same', 'same', 'another', 'past', 'same', 'another', 'past'],
    ])
  })

  it('a foreign hub says nothing of it', () => {
    const hub = new HubIdentity({ host: '127.0.0.1', port: 5_000 })
    expect([hub.heard(undefined), hub.saysItsIncarnation]).toEqual(['same', false])
  })

  it('keeps little of what is past', () => {
    const hub = new HubIdentity({ host: '127.0.0.1', port: 5_000 })
    for (let i = 0; i < 1_000; i++) hub.heard(`${i}`)
    expect(hub.heard('998')).toBe('past')
    expect(hub.heard('0')).toBe('another')
  })
})
