import protobuf from 'protobufjs/minimal.js'
import { expect } from 'vitest'
import { decode, encode, ProtocolError } from '../src/index'
import { golden } from './golden'

/** A small seeded generator (mulberry32): integers from 0 to below `n`. */
function generator(seed: number) {
  let state = seed
  return (n: number) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

/** Spoils golden messages in every way, and expects of each that `decode` returns a message that encodes again, or throws a `ProtocolError`. */
export function trySpoiledMessages(seed: number, inputs: number): void {
  const below = generator(seed)
  const any = (): Uint8Array => golden[below(golden.length)]!.bytes
  const replaced = (bytes: Uint8Array, by: readonly number[]) => {
    const copy = Buffer.from(bytes)
    copy.set(by.slice(0, copy.length), below(Math.max(1, copy.length - by.length)))
    return copy
  }
  const flipped = (bytes: Uint8Array, at: number, bit: number) => {
    const copy = Buffer.from(bytes)
    copy[at]! ^= 1 << bit
    return copy
  }
  const spoil: readonly ((bytes: Uint8Array, other: Uint8Array) => Uint8Array)[] = [
    (bytes) => replaced(bytes, [below(256), below(256), below(256)]),
    (bytes) => replaced(bytes, [below(256)]),
    (bytes) => replaced(bytes, [below(128)]),
    (bytes) => flipped(bytes, below(bytes.length), below(8)),
    (bytes) => bytes.subarray(0, below(bytes.length)),
    (bytes) => bytes.subarray(below(bytes.length)),
    (bytes, other) => Buffer.concat([bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length))]),
    (bytes, other) => Buffer.concat([bytes, other]),
    () => Buffer.from(Array.from({ length: below(40) }, () => below(256))),
    (bytes) => replaced(bytes, [0xff]),
    // In two wrappers more.
    (bytes) => wrapped(wrapped(bytes)),
  ]
  let accepted = 0
  const codes = new Map<string, number>()
  for (let input = 0; input < inputs; input++) {
    let bytes = any()
    for (let times = below(3); times >= 0; times--) {
      if (bytes.length > 0) bytes = spoil[below(spoil.length)]!(bytes, any())
    }
    const outcome = outcomeOf(bytes, seed)
    if (outcome === 'accepted') accepted++
    else codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
  }
  expect(accepted).toBeGreaterThan(inputs / 20)
  for (const code of ['truncated', 'malformed', 'invalid-utf8', 'unknown-type', 'missing-body', 'wrong-body', 'too-deep']) {
    expect(codes.get(code), code).toBeGreaterThan(0)
  }
}

const wrapped = (bytes: Uint8Array) =>
  protobuf.Writer.create()
    .uint32(6 * 8 + 2)
    .fork()
    .uint32(3 * 8 + 2)
    .bytes(bytes)
    .ldelim()
    .finish()

function outcomeOf(bytes: Uint8Array, seed: number): string {
  try {
    const message = decode(bytes)
    const again = encode(message)
    if (!Buffer.from(encode(decode(again))).equals(again))
      throw new Error(`not the same message again: ${Buffer.from(bytes).toString('hex')} (seed ${seed})`)
    return 'accepted'
  } catch (error) {
    const isOurFault = error instanceof ProtocolError && error.cause instanceof TypeError && !('code' in error.cause)
    if (error instanceof ProtocolError && !isOurFault) return error.code
    throw new Error(`seed ${seed}, bytes ${Buffer.from(bytes).toString('hex')}`, { cause: error })
  }
}
