// Imported first, alone and without any `node:` module, so that an old Node gets a sentence instead of a stack trace.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `upon needs Node 20.19 or later; this is Node ${process.versions.node}. Install a newer Node and run the same command again.`,
  )
  process.exit(1)
}
