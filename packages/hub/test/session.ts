import type { Session } from '../src/cli/command'
import { Output } from '../src/cli/output'
import { Reference } from '../src/cli/reference'
import { script } from '../src/cli/script'
import type { HubEvent, LogLevel } from '../src/index'
import type { FakeProcess } from './fake-process'
import { stage, started } from './stage'

export interface Seat {
  readonly session: Session
  readonly processes: readonly FakeProcess[]
  /** All that was shown. */
  readonly shown: () => string
  /** Carries out commands; resolves to whether all went as expected. */
  readonly run: (...commands: readonly string[]) => Promise<boolean>
}

/** The hub's command line without a process of its own: commands in, lines out. */
export async function seat(processes: number, { format = 'text' as 'text' | 'json', timeoutMs = 2_000 } = {}): Promise<Seat> {
  const output = new Output(format, 'info')
  let shown = ''
  output.write = (text) => {
    shown += text
  }
  const options = {
    timeoutMs,
    onEvent: (event: HubEvent) => output.event(event),
    log: (level: LogLevel, text: string) => output.log(level, text),
  }
  const s = processes > 0 ? await started({ abc: processes }, options) : { ...(await stage(options)), processes: [] }
  const ending = new AbortController()
  const reference = new Reference(
    () => {},
    () => {},
  )
  const session: Session = { hub: s.hub, output, reference, timeoutMs, ending: ending.signal, end: () => ending.abort() }
  return { session, processes: s.processes, shown: () => shown, run: (...commands) => script(session, commands) }
}
