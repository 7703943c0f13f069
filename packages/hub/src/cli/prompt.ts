import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { clearLine, createInterface, cursorTo } from 'node:readline'
import type { Session } from './command'
import { complete, interpret } from './interpreter'
import { makeDirectoryOf } from './state-directory'

const LIMIT_HISTORY_LINES = 1_000

export interface Screen {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Reads and carries out commands from a terminal until it or the session ends. */
export async function prompt(
  session: Session,
  historyFile: string,
  screen: Screen = { input: process.stdin, output: process.stdout },
): Promise<void> {
  const { output, ending } = session
  const terminal = createInterface({
    ...{ ...screen, terminal: true, prompt: output.colors.cyan('upon> ') },
    ...{ history: loadHistory(historyFile), historySize: LIMIT_HISTORY_LINES, removeHistoryDuplicates: true },
    completer: (line: string) => complete(session, line),
  })
  let isIdle = false
  let isClosed = false // lines may still be waiting then; from Node 24 on, a prompt after it throws
  terminal.once('close', () => {
    isClosed = true
  })
  const direct = output.write
  output.write = (text) => {
    if (!isIdle || isClosed) return direct(text)
    clearLine(screen.output, 0)
    cursorTo(screen.output, 0)
    direct(text)
    terminal.prompt(true)
  }
  const ask = (): void => {
    if (isClosed) return
    isIdle = true
    terminal.prompt()
  }
  terminal.on('SIGINT', () => {
    if (isIdle && terminal.line !== '') {
      direct('^C\n')
      terminal.write(null, { ctrl: true, name: 'e' })
      terminal.write(null, { ctrl: true, name: 'u' })
      ask()
    } else process.emit('SIGINT')
  })
  ending.addEventListener('abort', () => {
    if (isIdle) direct('\n')
    terminal.close()
  })
  if (!ending.aborted) ask()
  for await (const line of terminal) {
    isIdle = false
    saveHistory(historyFile, line)
    await interpret(session, line)
    if (ending.aborted) break
    ask()
  }
  output.write = direct
}

/** Newest first, as readline has it. */
function loadHistory(file: string): string[] {
  try {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    if (lines.length > 2 * LIMIT_HISTORY_LINES) writeFileSync(file, `${lines.slice(-LIMIT_HISTORY_LINES).join('\n')}\n`, { mode: 0o600 })
    return lines.slice(-LIMIT_HISTORY_LINES).reverse()
  } catch {
    return []
  }
}

function saveHistory(file: string, line: string): void {
  if (line.trim() === '') return
  try {
    makeDirectoryOf(file)
    appendFileSync(file, `${line}\n`, { mode: 0o600 })
  } catch {
    // a prompt without a lasting history is still a prompt
  }
}
