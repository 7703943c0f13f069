import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

/** Serves a folder as any web server would, on a free port: `/guide/models` is `guide/models.html`. */
export async function serve(folder: string): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = createServer(({ url = '/' }, response) => {
    const file = fileOf(folder, decodeURIComponent(new URL(url, 'http://site').pathname))
    if (file === undefined) response.writeHead(404).end()
    else response.writeHead(200, headersOf(file)).end(readFileSync(file))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Assets are named by their content, so a browser may keep them. */
const headersOf = (file: string) => ({
  'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
  'cache-control': file.includes('/assets/') ? 'max-age=3600' : 'no-cache',
})

const fileOf = (folder: string, path: string): string | undefined =>
  [join(folder, path), join(folder, `${path}.html`), join(folder, path, 'index.html')].find(
    (file) => existsSync(file) && statSync(file).isFile(),
  )
