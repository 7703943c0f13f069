import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { outsideProject, runIn } from '../lib/outside.mjs'
import { root } from '../lib/workspace.mjs'

const TSC = join(root, 'node_modules/typescript/lib/tsc.js')

/** What any project of TypeScript would set, strictly. */
const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: 'es2022',
  lib: ['es2022'],
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
}

/** An operating-system process that runs a program of the project. */
export class Program {
  readonly lines: string[] = []
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #changed: (() => void)[] = []
  #errors = ''

  constructor(folder: string, file: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [file, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.lines.push(line)
      this.#tell()
    })
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += chunk
    })
    this.#child.once('close', () => this.#tell())
  }

  /** Resolves when so many lines were printed, or with those that there are when the program has ended. */
  async printed(count: number): Promise<string[]> {
    while (this.lines.length < count) {
      if (this.#child.exitCode !== null)
        throw new Error(`it ended with exit code ${this.#child.exitCode}: ${this.lines.join('\n')}\n${this.#errors}`)
      await new Promise<void>((resolve) => this.#changed.push(resolve))
    }
    return this.lines
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }

  #tell(): void {
    for (const changed of this.#changed.splice(0)) changed()
  }
}

/** `p=127.0.0.1:PORT` for each process, on ports that are free. */
export const freeAddresses = (...processes: string[]): Promise<string[]> =>
  Promise.all(
    processes.map(async (p) => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      server.close()
      await once(server, 'close')
      return `${p}=127.0.0.1:${port}`
    }),
  )

export const openProject = async () => {
  const { folder, remove } = await outsideProject()
  const programs: Program[] = []
  return {
    folder,
    start(file: string, ...args: string[]): Program {
      const program = new Program(folder, file, args)
      programs.push(program)
      return program
    },
    /** Compiles files; rejects with what the compiler says. */
    compile: (files: readonly string[], options: Readonly<Record<string, string | boolean>>) => {
      const all = Object.entries({ ...COMPILER_OPTIONS, ...options }).flatMap(([name, value]) => [`--${name}`, String(value)])
      return runIn(folder, process.execPath, TSC, ...all, ...files)
    },
    async remove() {
      for (const program of programs) await program.kill()
      remove()
    },
  }
}
