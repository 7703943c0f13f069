import { defineConfig } from 'tsup'
import { library, program } from '../../tsup.base'

export default defineConfig([library('src/index.ts'), program('src/cli.ts')])
