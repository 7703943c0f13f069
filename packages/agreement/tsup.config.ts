import { defineConfig } from 'tsup'
import { modules } from '../../tsup.base'

export default defineConfig(modules())
