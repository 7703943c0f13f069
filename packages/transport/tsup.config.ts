import { defineConfig } from 'tsup'
import { modules } from '../../tsup.base'

export default defineConfig(modules('src/index.ts', 'src/memory/index.ts', 'src/tcp/index.ts', 'src/udp/index.ts'))
