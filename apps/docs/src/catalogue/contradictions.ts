import { modelOf } from '@upon/contract'
import type { Header } from './header'
import { type AnyAlgorithm, layersBelow } from './layers'

/** What a header says that the algorithm itself does not: nobody should have to find out which of the two is right. */
export function contradictions(header: Header, algorithm: AnyAlgorithm): string[] {
  return [...aboutImplements(header, algorithm), ...aboutUses(header, algorithm), ...aboutAssumptions(header, algorithm)]
}

function aboutImplements(header: Header, { abstraction, instance }: AnyAlgorithm): string[] {
  const wanted = `${abstraction.name} (${instance})`
  if (header.implements === wanted || header.implements.startsWith(`${wanted};`) || header.implements.startsWith(`${wanted},`)) return []
  return [`says \`Implements: ${header.implements}\`, but it implements ${wanted}`]
}

function aboutUses({ uses }: Header, algorithm: AnyAlgorithm): string[] {
  const said = [...uses.matchAll(/([A-Z][A-Za-z]*) \(([a-z][A-Za-z0-9]*)([^)]*)\)/g)].map(([, module, instance, words = '']) => ({
    use: `${module} (${instance})`,
    saysShared: words.includes('shared'),
  }))
  const real = layersBelow(algorithm).map(({ abstraction, instance, sharing }) => ({ use: `${abstraction.name} (${instance})`, sharing }))
  const missing = real.filter(({ use }) => !said.some((each) => each.use === use)).map(({ use }) => `does not say that it uses ${use}`)
  const wrong = said.flatMap(({ use, saysShared }) => {
    const found = real.find((each) => each.use === use)
    if (found === undefined) return [`says that it uses ${use}, but it does not`]
    return saysShared && found.sharing !== 'shared' ? [`says that ${use} is shared, but it is not`] : []
  })
  return [...missing, ...wrong]
}

function aboutAssumptions({ assumes }: Header, algorithm: AnyAlgorithm): string[] {
  const { resilience } = algorithm.assumes
  const model = modelOf(algorithm.assumes)
  const wrong: string[] = []
  const models = [...assumes.matchAll(/\bfail-(stop|noisy|silent|recovery|arbitrary)\b/g)].map(([word]) => word)
  if (!models.includes(model)) wrong.push(`says \`Assumes: ${assumes}\`, but its model is ${model}`)
  const bounds = [...assumes.matchAll(/\bf < N(\/\d+)?/g)].map(([bound]) => bound)
  const saysAny = /\bany number\b/.test(assumes)
  const agrees = resilience === 'f < N' ? saysAny || bounds.includes(resilience) : bounds.includes(resilience) && !saysAny
  if (!agrees) wrong.push(`says \`Assumes: ${assumes}\`, but its resilience is ${resilience}`)
  return wrong
}
