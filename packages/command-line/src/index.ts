export { type Command, InvalidArgumentError, Option } from 'commander'
export { newCommand } from './command'
export { file, host, port, ports, positive, wholeNumber } from './values'
