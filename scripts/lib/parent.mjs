const lookEveryMs = 100
const graceMs = 500

/**
 * npm passes a signal to the shell between itself and this process, and such a shell dies of it and tells nobody. So when that
 * shell goes, this process gets a SIGTERM, unless it ends by itself: after Ctrl-C, which reaches the whole terminal, it is ending.
 */
export const endWithParent = () => {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), graceMs).unref()
  }, lookEveryMs)
  watch.unref()
}
