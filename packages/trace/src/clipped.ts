/** A text for people, of at most `limit` characters. */
export const clipped = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit - 1)}…` : text)
