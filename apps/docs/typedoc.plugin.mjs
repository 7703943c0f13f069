// What no option of TypeDoc can say: modules named as they are imported, and values documented by their types.
import { relative } from 'node:path'
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'
import { entryPoints, packagesFolder } from './typedoc.config.mjs'

/** What is imported, by the name that TypeDoc makes from the file. */
const specifiers = new Map(
  entryPoints.map(({ specifier, file }) => [relative(packagesFolder, file).replace(/(\/index)?\.ts$/, ''), specifier]),
)

/**
 * A module of the book is an interface with a value of the same name beside it: the comment is written once, above the interface.
 * @param {import('typedoc').DeclarationReflection} module
 */
const documentValues = (module) => {
  for (const value of module.children ?? []) {
    if (!value.kindOf(ReflectionKind.Variable) || value.comment) continue
    const type = module.children?.find((other) => other !== value && other.name === value.name && other.comment)
    if (type?.comment) value.comment = new Comment(Comment.cloneDisplayParts(type.comment.summary))
  }
}

/** What stands below a heading of its own, by the type of the value. @type {Record<string, string>} */
const GROUPS = { Algorithm: 'Algorithms' }

/**
 * Algorithms are what a reader looks for: not variables among others.
 * @param {import('typedoc').DeclarationReflection} module
 */
const groupValues = (module) => {
  for (const value of module.children ?? []) {
    if (!value.kindOf(ReflectionKind.Variable) || value.type?.type !== 'reference') continue
    const group = GROUPS[value.type.name]
    if (group === undefined) continue
    value.comment?.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: group }]))
  }
}

/** @param {import('typedoc').Application} app */
export const load = (app) => {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      if (!module.kindOf(ReflectionKind.Module)) continue
      module.name = specifiers.get(module.name) ?? module.name
      documentValues(module)
      groupValues(module)
    }
  })
}
