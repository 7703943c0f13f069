// node scripts/law.mjs [root]: the dependency law and the look of the code. Prints what is against it; exit code 1 if anything is.
import { resolve } from 'node:path'
import { checkCircles } from './law/circles.mjs'
import { checkDependencies } from './law/dependencies.mjs'
import { checkHeaders } from './law/headers.mjs'
import { checkPurity } from './law/purity.mjs'
import { readHouse } from './law/sources.mjs'
import { checkState } from './law/state.mjs'
import { checkStyle } from './law/style.mjs'
import { checkWords, textsBelow } from './law/words.mjs'
import { root } from './lib/workspace.mjs'

const folder = process.argv[2] ? resolve(process.argv[2]) : root
const house = readHouse(folder)
const checks = [checkDependencies, checkCircles, checkPurity, checkState, checkHeaders, checkStyle]
const findings = [...checks.flatMap((check) => check(house)), ...checkWords(house, textsBelow(folder))]
for (const { severity, where, message } of findings) console.log(`${severity}: ${where}: ${message}`)

const errors = findings.filter(({ severity }) => severity === 'error').length
console.log(`law: ${house.sources.length} files, ${errors} errors`)
if (errors > 0) process.exitCode = 1
