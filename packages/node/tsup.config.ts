import { defineConfig } from 'tsup'
import { library, program } from '../../tsup.base'

/**
 * The command is one file with all that is ours, and the code that reads and writes protobuf: it starts at once, and where few files may be open
 * (Node opens all modules of a program at a time).
 */
const command = {
  ...program('src/cli.ts'),
  noExternal: [/^@upon\//, /^protobufjs/],
  banner: { js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url)" },
}

export default defineConfig([library('src/index.ts'), command])
