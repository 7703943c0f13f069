import { isRecordingHead, type Joined, joinRecordings, type Recording, readRecording } from '@upon/trace'
import { TextFile } from './text-file'

/** A file that is judged by itself. */
export interface SingleInput {
  readonly sort: 'file'
  readonly name: string
  /** Its first line that is not blank, and all its lines. They can be read once. */
  open(): { readonly first: string; readonly lines: Iterable<string> }
}

/** The recordings of one run, judged as one trace. */
export interface RunInput {
  readonly sort: 'run'
  /** The name of the system. */
  readonly name: string
  readonly files: readonly string[]
  join(): Joined
}

export type Input = SingleInput | RunInput

/**
 * Classifies the files. Recordings of one system by the same processes are one run, at the place of the first of them. An unreadable file
 * fails when it is opened.
 */
export function inputsOf(names: readonly string[]): readonly Input[] {
  const runs = new Map<string, { name: string; files: string[]; recordings: Recording[] }>()
  return names.flatMap((name): Input[] => {
    const file = new TextFile(name)
    const first = attempt(() => file.first())
    const open = () => ({ first: first instanceof Error ? raise(first) : first, lines: file.lines() })
    if (first instanceof Error || !isRecordingHead(first)) return [{ sort: 'file', name, open }]
    const recording = attempt(() => readRecording(file.lines('anywhere')))
    if (recording instanceof Error) return [{ sort: 'file', name, open: () => raise(recording) }]
    const key = JSON.stringify([recording.system, recording.processes])
    const known = runs.get(key)
    known?.files.push(name)
    known?.recordings.push(recording)
    if (known !== undefined) return []
    const run = { name: recording.system, files: [name], recordings: [recording] }
    runs.set(key, run)
    return [{ sort: 'run', ...run, join: () => joinRecordings(run.recordings) }]
  })
}

function attempt<T>(step: () => T): T | Error {
  try {
    return step()
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}

function raise(error: Error): never {
  throw error
}
