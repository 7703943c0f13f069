/** Plain data as text, the same for equal data: keys, map entries and members of sets in order. */
export function canonical(value: unknown): string {
  if (value === undefined) return '⊥'
  if (value === null || typeof value !== 'object') return typeof value === 'function' ? 'f' : JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value instanceof Map) return `M{${[...value].map(([k, v]) => `${canonical(k)}:${canonical(v)}`).sort()}}`
  if (value instanceof Set) return `S{${[...value].map(canonical).sort()}}`
  const fields = Object.entries(value).map(([key, field]) => `${key}:${canonical(field)}`)
  return `{${fields.sort()}}`
}
