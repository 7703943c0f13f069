// The task `js` of a package: compiles what commands and tests run of the package in this folder.
import { compile } from './lib/compile.mjs'
import { packages } from './lib/workspace.mjs'

await compile(
  packages().filter(({ dir }) => dir === process.cwd()),
  { commonjs: false },
)
