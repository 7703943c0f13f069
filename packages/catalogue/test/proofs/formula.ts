const POWERS: Readonly<Record<string, number>> = { '': 1, '²': 2, '³': 3 }

/** What a number of messages or steps comes to among `n` processes: `4N`, `N² + N`, `2N - 2`. */
export function evaluate(formula: string, n: number): number {
  let sum = 0
  for (const [, sign, count, variable, power = ''] of formula.replaceAll(' ', '').matchAll(/([+-]?)(\d*)(N?)([²³]?)/g)) {
    if (count === '' && variable === '') continue
    const term = (count === '' ? 1 : Number(count)) * (variable === 'N' ? n ** (POWERS[power] as number) : 1)
    sum += sign === '-' ? -term : term
  }
  return sum
}
