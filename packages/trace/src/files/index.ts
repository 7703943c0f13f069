export { type Disk, LineFile, makeFolder, systemDisk } from './line-file'
export { LIMIT_FILE_BYTES, RecordFile, type RecordFileOptions } from './record-file'
