import { printable } from '@upon/contract'
import { Command } from 'commander'

const LIMIT_LINE_CHARACTERS = 500

/** Lines for a terminal: they may contain whatever was typed. */
const escaped = (text: string): string =>
  text
    .split('\n')
    .map((line) => printable(line, LIMIT_LINE_CHARACTERS))
    .join('\n')

/**
 * A command that ends with exit code 2 and one clear message if the command line is wrong, and with 0 after `--help` and `--version`. What was
 * typed is escaped and clipped in messages.
 */
export function newCommand(name: string, version: string): Command {
  return new Command(name)
    .version(version)
    .showHelpAfterError(`(${name} --help says more)`)
    .configureOutput({ outputError: (text, write) => write(`${escaped(text.trimEnd())}\n`) })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
}
