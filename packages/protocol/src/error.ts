/**
 * What is wrong with a message:
 * - `truncated`: it ends, or an inner part ends, before what its lengths announce;
 * - `malformed`: not protobuf (a varint or tag too long, a field number 0, an unbalanced group);
 * - `invalid-utf8`: a string that is not UTF-8;
 * - `unknown-type`: a type number that is not in `Type`;
 * - `missing-body`: no body for its type;
 * - `wrong-body`: the body of another type;
 * - `too-deep`: messages nested deeper than `MAX_MESSAGE_DEPTH`;
 * - `too-many`: more fields or processes than `MAX_FIELDS`, `MAX_PROCESSES`;
 * - `too-long`: a string of more bytes than `MAX_STRING_BYTES`, or a message of more than `MAX_MESSAGE_BYTES`;
 * - `not-int32`: a number to be encoded that no int32 can hold.
 */
export type ProtocolErrorCode =
  | 'truncated'
  | 'malformed'
  | 'invalid-utf8'
  | 'unknown-type'
  | 'missing-body'
  | 'wrong-body'
  | 'too-deep'
  | 'too-many'
  | 'too-long'
  | 'not-int32'

/** The only error that `decode`, `encode`, `wrap` and `unwrap` throw: says what was expected and what was found instead. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'

  constructor(
    readonly code: ProtocolErrorCode,
    readonly expected: string,
    readonly found: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: expected ${expected}, found ${found}`, options)
  }
}
