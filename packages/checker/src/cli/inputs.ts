import { type Joined, joinRecordings } from '../trace-files/join'
import { isRecordingHead, type Recording, readRecording } from '../trace-files/recording'

/** A file to be judged by itself. */
export interface SingleInput {
  readonly sort: 'file'
  readonly name: string
  read(): string
}

/** The recordings of one run, to be judged as one trace. */
export interface RunInput {
  readonly sort: 'run'
  /** Of the system. */
  readonly name: string
  readonly files: readonly string[]
  join(): Joined
}

export type Input = SingleInput | RunInput

/**
 * What the files are: recordings of one system, by the same processes, are one run, which takes the place of the first of them. What cannot be
 * read says so when it is.
 */
export function inputsOf(files: readonly string[], readText: (file: string) => string): readonly Input[] {
  const runs = new Map<string, { name: string; files: string[]; recordings: Recording[] }>()
  return files.flatMap((file): Input[] => {
    const read = lazily(() => readText(file))
    const recording = attempt(() => (isRecordingHead(firstLine(read())) ? readRecording(read()) : undefined))
    if (recording === undefined) return [{ sort: 'file', name: file, read }]
    if (recording instanceof Error) return [{ sort: 'file', name: file, read: () => raise(recording) }]
    const key = JSON.stringify([recording.system, recording.processes])
    const known = runs.get(key)
    known?.files.push(file)
    known?.recordings.push(recording)
    if (known !== undefined) return []
    const run = { name: recording.system, files: [file], recordings: [recording] }
    runs.set(key, run)
    return [{ sort: 'run', ...run, join: () => joinRecordings(run.recordings) }]
  })
}

const firstLine = (text: string): string => {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}

function lazily(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
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
