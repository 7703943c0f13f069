import { printable } from './printable'

const CONTEXT = ['self', 'processes', 'rank', 'f', 'l0', 'parameters', 'options', 'state', 'upon', 'when', 'halt'] as const
const OBJECT = ['__proto__', 'constructor', 'prototype'] as const

/** Names in the context of every algorithm. No layer can have one of them. */
export type ReservedName = (typeof CONTEXT)[number] | (typeof OBJECT)[number]
const RESERVED: ReadonlySet<string> = new Set([...CONTEXT, ...OBJECT])

/** A program made a mistake that TypeScript would have reported. The call has had no effect. */
export const misuse = (message: string): TypeError => Object.assign(new TypeError(message), { code: 'UPON_MISUSE' as const })

/**
 * Checks the name of an instance. Paths consist of names, as in `app.nnar[x].beb`. A name has no dot or bracket, so that one path
 * never means two instances. `where` starts the message of the `TypeError`.
 */
export function checkName(where: string, name: unknown): void {
  if (typeof name !== 'string') throw misuse(`${where}: the name of an instance is a string, not ${typeof name}`)
  if (name === '') throw misuse(`${where}: the name of an instance is empty`)
  if (/[.[\]]/.test(name)) throw misuse(`${where}: the name of an instance must not contain '.', '[' or ']'; found '${printable(name)}'`)
}

/** Checks the name that an algorithm gives to a layer. The layer has this name in the algorithm's context. */
export function checkLayerName(where: string, name: string): void {
  checkName(where, name)
  if (RESERVED.has(name)) throw misuse(`${where}: '${name}' means something else in an algorithm: give the layer another name`)
}
