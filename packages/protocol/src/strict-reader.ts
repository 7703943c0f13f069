import protobuf from 'protobufjs/minimal.js'
import { ProtocolError } from './error'
import { MAX_FIELDS, MAX_STRING_BYTES } from './limits'

/** Reads as protobufjs does, and refuses strings that are too long and messages of too many fields before it makes anything of them. */
export class StrictReader extends protobuf.Reader {
  #fields = 0

  override tag(): number {
    if (++this.#fields > MAX_FIELDS) throw new ProtocolError('too-many', `at most ${MAX_FIELDS} fields`, 'more')
    return super.tag()
  }

  override stringVerify(): string {
    const start = this.pos
    const bytes = this.size()
    if (bytes > MAX_STRING_BYTES) throw new ProtocolError('too-long', `a string of at most ${MAX_STRING_BYTES} bytes`, `${bytes} bytes`)
    this.pos = start
    return super.stringVerify()
  }
}
