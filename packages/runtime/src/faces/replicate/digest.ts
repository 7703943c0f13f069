/** 64 bits of a text, as hexadecimal digits: two multiplicative hashes (Bryc's cyrb). It finds accidents, and no attackers. */
export function digestOf(text: string): string {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  const mixed = [
    Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909),
    Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ a,
  ]
  return mixed.map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}
