import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'

const file = fileURLToPath(new URL('./mistakes.ts', import.meta.url))

const head = `
import { BasicBroadcast, LazyReliableBroadcast } from '@upon/broadcast'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { type FairLossPointToPointLinks, PerfectPointToPointLinks, type Timer, type Port, type Transport } from '@upon/contract'
import { IncreasingTimeout } from '@upon/fd'
import { OneNAtomicToNNAtomic, MajorityVoting, ReadImposeWriteConsultMajority } from '@upon/register'
import { Process } from '@upon/runtime'
import { broadcastFace, registerFace, registersFace } from '@upon/runtime/faces'
declare const perfect: Transport<PerfectPointToPointLinks>
declare const fairLoss: Transport<FairLossPointToPointLinks>
declare const timer: Port<Timer>
const alone = { self: 'p', processes: ['p'] }
const bare = new Process(alone)
const linked = new Process({ ...alone, supply: [perfect] })
`

/** A mistake, and what the compiler must say of it. */
const mistakes: readonly [title: string, code: string, ...says: string[]][] = [
  ['nothing is supplied', 'bare.run(BasicBroadcast)', 'nothing supplies', 'PerfectPointToPointLinks'],
  ['one of two is not supplied', 'linked.run(LazyReliableBroadcast)', 'nothing supplies', 'Timer'],
  ['a module that nothing supplies', 'bare.run(PerfectPointToPointLinks)', 'nothing supplies', 'PerfectPointToPointLinks'],
  ['neither of two is supplied', 'bare.run(LeaderDrivenConsensus)', '[PerfectPointToPointLinks] | [Timer]'],
  ['for registers by their keys', 'registersFace(bare, ReadImposeWriteConsultMajority)', 'nothing supplies', 'PerfectPointToPointLinks'],
  [
    'links that are too weak',
    'new Process({ ...alone, supply: [fairLoss] }).run(BasicBroadcast)',
    'nothing supplies',
    'PerfectPointToPointLinks',
  ],
  [
    'a detector that is too weak',
    'LazyReliableBroadcast.over({ pfd: IncreasingTimeout })',
    'EventuallyPerfectFailureDetector',
    'PerfectFailureDetector',
  ],
  ['a register that is too weak', 'OneNAtomicToNNAtomic.over({ onar: MajorityVoting })', 'RegularRegister', 'OneNAtomicRegister'],
  ['a layer that it does not use', 'BasicBroadcast.over({ pfd: IncreasingTimeout })', "'pfd' does not exist in type"],
  ['a wrong payload', 'linked.run(BasicBroadcast.of<string>()).broadcast(5)', "'number' is not assignable to parameter of type 'string'"],
  ['a wrong payload at a face', 'void broadcastFace(linked, linked.run(BasicBroadcast.of<string>())).broadcast(5)', "'number'", "'string'"],
  ['the port of another module', 'registerFace(linked, linked.run(BasicBroadcast))', 'read, write, readReturn'],
  ['a misspelt event', 'linked.upon(linked.run(BasicBroadcast).deliverd, () => {})', "'deliverd' does not exist", "'deliver'"],
  ['a forgotten await', 'new Process({ ...alone, supply: [Promise.resolve(perfect)] })', 'Promise<Transport<PerfectPointToPointLinks'],
]

/** What the compiler says, by the lines of the text. */
function messages(text: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    customConditions: ['source'], // what is missing of the platform is an error there, and not looked at
    lib: ['lib.es2023.d.ts'],
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists, readFile } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.getSourceFile = (name, version, ...rest) =>
    name === file ? ts.createSourceFile(name, text, version) : getSourceFile(name, version, ...rest)
  const program = ts.createProgram([file], options, host)
  const found: string[] = []
  for (const { start, messageText } of program.getSemanticDiagnostics(program.getSourceFile(file))) {
    const { line } = ts.getLineAndCharacterOfPosition(program.getSourceFile(file) as ts.SourceFile, start ?? 0)
    found[line] = `${found[line] ?? ''}${ts.flattenDiagnosticMessageText(messageText, '\n')}\n`
  }
  return found
}

describe('the compiler says what is wrong', () => {
  const first = head.split('\n').length - 1
  let said: string[] = []
  beforeAll(() => {
    said = messages(head + mistakes.map(([, code]) => `;${code}\n`).join(''))
  })

  it('of nothing that is right', () => {
    expect(said.slice(0, first).filter((message) => message !== undefined)).toEqual([])
  })

  it.each(mistakes.map(([title, , ...says], i) => ({ title, says, line: first + i })))('$title', ({ says, line }) => {
    for (const text of says) expect(said[line] ?? 'nothing').toContain(text)
  })
})
