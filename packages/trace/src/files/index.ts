export { type Disk, LineFile, makeFolder, systemDisk } from './line-file'
