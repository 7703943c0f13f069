import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'

const file = fileURLToPath(new URL('./mistakes.ts', import.meta.url))

const head = `
import { BasicBroadcast, LazyReliableBroadcast } from '@upon/broadcast'
import { LeaderDrivenConsensus } from '@upon/consensus'
import { abstraction, algorithm, BestEffortBroadcast, EpochConsensus, type FairLossPointToPointLinks, type Indication, type Module, type Payload, PerfectPointToPointLinks, RandomSource, type Request, Timer, type Port, type Transport } from '@upon/contract'
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
const crashes = { processes: 'crash-stop', timing: 'asynchronous', resilience: 'f < N' } as const
const lies = { ...crashes, processes: 'byzantine' } as const
const beb = { name: 'x', implements: { beb: BestEffortBroadcast }, assumes: crashes }
`

/** A mistake, and what the compiler must say of it. */
const mistakes: readonly [title: string, code: string, ...says: string[]][] = [
  ['nothing is supplied', 'bare.run(BasicBroadcast)', 'nothing supplies', 'PerfectPointToPointLinks'],
  ['one of two is not supplied', 'linked.run(LazyReliableBroadcast)', 'nothing supplies', 'Timer'],
  ['a module that nothing supplies', 'bare.run(PerfectPointToPointLinks)', 'nothing supplies', 'PerfectPointToPointLinks'],
  ['neither of two is supplied', 'bare.run(LeaderDrivenConsensus)', 'NothingSupplies<Timer>'],
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
  [
    'two implemented modules',
    'algorithm({ ...beb, uses: {}, implements: { beb: BestEffortBroadcast, pl: PerfectPointToPointLinks } }, () => {})',
    'an algorithm implements exactly one module',
  ],
  ['no implemented module', 'algorithm({ ...beb, uses: {}, implements: {} }, () => {})', 'an algorithm implements exactly one module'],
  [
    'a layer with a reserved name',
    'algorithm({ ...beb, uses: { state: Timer } }, () => {})',
    "every algorithm has a 'state' of its own: give the layer another name",
  ],
  [
    'a layer with the name of what is implemented',
    'algorithm({ ...beb, uses: { beb: Timer } }, () => {})',
    "'beb' is what the algorithm implements: give the layer another name",
  ],
  [
    'a module with queries, implemented by an algorithm',
    'algorithm({ ...beb, implements: { random: RandomSource }, uses: {} }, () => {})',
    "'below' is answered at once: only a port of the host can do that",
  ],
  [
    'one instance of a module that has parameters',
    'algorithm({ ...beb, uses: { ep: EpochConsensus } }, () => {})',
    'its instances have parameters: use a family of them, as in increasing(...)',
  ],
  ['parameters that are missing', 'linked.run(EpochConsensus as never as Port<EpochConsensus>)', 'Expected 3 arguments'],
  [
    'a layer that tolerates less',
    'algorithm({ ...beb, assumes: lies, uses: { below: BasicBroadcast } }, () => {})',
    "below an algorithm that tolerates 'byzantine', a layer that tolerates only 'crash-stop'",
  ],
  [
    'a layer that tolerates less, in the place of another',
    'algorithm({ ...beb, assumes: lies, uses: { below: BestEffortBroadcast } }, () => {}).over({ below: BasicBroadcast })',
    "below an algorithm that tolerates 'byzantine', a layer that tolerates only 'crash-stop'",
  ],
  [
    'five attributes',
    'type Five = Request<[a: 1, b: 2, c: 3, d: 4, e: 5]>',
    "does not satisfy the constraint 'Attributes'",
    'Source has 5 element(s) but target allows only 4',
  ],
  [
    'a payload for a witness',
    'algorithm({ ...beb, uses: {}, state: () => ({ v: undefined as Payload | undefined }) }, ({ state, when }) => when(() => state.v, (v) => v))',
    'Payload',
    'Witness',
  ],
  [
    'a lasting indication that is none',
    "abstraction<PerfectPointToPointLinks>({ ...PerfectPointToPointLinks, lasting: { delivr: 'latest' } })",
    "'delivr' does not exist",
  ],
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
