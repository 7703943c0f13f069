import { defineConfig } from 'tsup'
import { library } from '../../tsup.base'

export default defineConfig(library('src/index.ts', 'src/memory/index.ts', 'src/tcp/index.ts', 'src/udp/index.ts'))
