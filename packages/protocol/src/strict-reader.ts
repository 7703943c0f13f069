import protobuf from 'protobufjs/minimal.js'
import { ProtocolError } from './error'
import { MAX_FIELDS, MAX_STRING_BYTES } from './limits'

/** No length of at most `MAX_STRING_BYTES` needs more bytes. */
const LENGTH_BYTES = 3

/** Reads as protobufjs does, and refuses strings that are too long and messages of too many fields. */
export class StrictReader extends protobuf.Reader {
  private fields = 0

  override tag(): number {
    if (++this.fields > MAX_FIELDS) throw new ProtocolError('too-many', `at most ${MAX_FIELDS} fields`, 'more')
    return super.tag()
  }

  override stringVerify(): string {
    const start = this.pos
    const text = super.stringVerify()
    const bytes = this.pos - start - LENGTH_BYTES
    if (bytes > MAX_STRING_BYTES) throw new ProtocolError('too-long', `a string of at most ${MAX_STRING_BYTES} bytes`, `${bytes} bytes`)
    return text
  }
}
