// Makes src/gen/wire.js and wire.d.ts out of upon.proto; does nothing when they are up to date.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const outputs = ['src/gen/wire.js', 'src/gen/wire.d.ts'].map(here)
const stamp = here('src/gen/inputs.sha256')

const hash = createHash('sha256')
for (const input of ['upon.proto', 'generate.mjs', 'package.json']) hash.update(readFileSync(here(input)))
const inputs = hash.digest('hex')

if (!outputs.every(existsSync) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputs) {
  mkdirSync(here('src/gen'), { recursive: true })
  const left = '--no-create --no-verify --no-convert --no-delimited --no-typeurl --no-service'.split(' ')
  const args = ['-t', 'static-module', '-w', 'esm', '-r', 'upon', '--keep-case', ...left, '--dts', '-o', outputs[0], here('upon.proto')]
  createRequire(import.meta.url)('protobufjs-cli/pbjs').main(args, (error) => {
    if (error) throw error
    writeFileSync(stamp, inputs)
  })
}
