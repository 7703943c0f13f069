import type { ProcessId } from '@upon/protocol'
import { expect, it } from 'vitest'
import { Members } from './members'

const us = { owner: 'abc', index: 2, address: { host: '127.0.0.1', port: 5002 } }
const at = (host: string, port: number, owner: string, index: number, rank: number): ProcessId => ({ host, port, owner, index, rank })

it('a process finds itself by its port, whatever the hub calls its host or itself', () => {
  const list = [at('localhost', 5001, 'abc', 1, 1), at('localhost', 5002, 'ABC', 7, 2)]
  expect(new Members(list, us).self.id).toBe('ABC-7')
})

it('among several on its port, on other hosts, it is the one of its name, or else of its host', () => {
  const others = [at('10.0.0.1', 5002, 'abc', 1, 1), at('10.0.0.2', 5002, 'abc', 3, 3)]
  expect(new Members([...others, at('10.0.0.9', 5002, 'abc', 2, 2)], us).self.address.host).toBe('10.0.0.9')
  expect(new Members([...others, at('127.0.0.1', 5002, 'xyz', 1, 2)], us).self.id).toBe('xyz-1')
  expect(() => new Members(others, us)).toThrow('we, abc-2 on port 5002, are not in it')
})

it('a sender is known by the address that it names, then by its connection, and if it names no host, by a port that only one has', () => {
  const members = new Members(
    [at('10.0.0.1', 5001, 'abc', 1, 1), at('127.0.0.1', 5002, 'abc', 2, 2), at('10.0.0.1', 5003, 'abc', 3, 3)],
    us,
  )
  expect(members.sender('10.0.0.1', 5001, '')?.id).toBe('abc-1')
  expect(members.sender('', 5001, '10.0.0.1')?.id).toBe('abc-1')
  expect(members.sender('', 5003, '::1')?.id).toBe('abc-3')
  expect(members.sender('', 5004, '::1')).toBeUndefined()
  expect(members.sender('elsewhere', 5003, '::1')).toBeUndefined()
})

it('two processes of one name are told apart by their addresses', () => {
  const members = new Members([at('a', 5001, 'abc', 1, 1), at('a', 5002, 'abc', 1, 2)], us)
  expect(members.all.map(({ id }) => id)).toEqual(['abc-1', 'abc-1@a:5002'])
})
