// The law as data. To change it is to change the design: say why in ARCHITECTURE.md.

/** Which package may depend on which. What is not here is not allowed; a new package gets a line of its own. @type {Record<string, string[]>} */
export const edges = {
  contract: [],
  runtime: ['contract'],
  links: ['contract'],
  transport: ['contract'],
  fd: ['contract', 'links'],
  broadcast: ['contract', 'links', 'fd'],
  register: ['contract', 'links', 'fd', 'broadcast'],
  consensus: ['contract', 'links', 'fd', 'broadcast'],
  agreement: ['contract', 'fd', 'broadcast', 'consensus'],
  protocol: ['transport'],
  'command-line': ['contract'],
  node: ['contract', 'command-line', 'runtime', 'transport', 'fd', 'broadcast', 'register', 'consensus', 'protocol', 'trace'],
  hub: ['contract', 'command-line', 'transport', 'protocol', 'trace', 'linearizability'],
  trace: ['contract'],
  linearizability: [],
  checker: ['contract', 'command-line', 'trace', 'linearizability'],
  simulator: ['contract', 'runtime', 'trace'],
  compliance: ['contract', 'trace', 'linearizability', 'checker', 'simulator'],
  catalogue: [
    'contract',
    'command-line',
    'trace',
    'checker',
    'simulator',
    'compliance',
    'links',
    'fd',
    'broadcast',
    'register',
    'consensus',
    'agreement',
  ],
}

/** Dependencies for run time alone: `await import()` and `import.meta.resolve` may name them, an `import` statement may not. @type {Record<string, string[]>} */
export const runTimeEdges = { hub: ['node'] }

/** Packages whose code runs anywhere, a browser and the simulator included. */
export const purePackages = ['contract', 'runtime', 'links', 'fd', 'broadcast', 'register', 'consensus', 'agreement', 'linearizability']

/** Folders in other packages whose code runs anywhere, too. */
export const pureFolders = [
  'packages/transport/src/memory/',
  'packages/trace/src/json/',
  'packages/trace/src/pictures/',
  ...['index', 'join', 'ndjson', 'notation', 'recording', 'trace', 'trace-error', 'values'].map((file) => `packages/trace/src/${file}.ts`),
]

/** Files in them that make a port out of something of the platform, and what each may use. @type {Record<string, string[]>} */
export const ports = {
  'packages/runtime/src/system-timer.ts': ['setTimeout', 'clearTimeout'],
  'packages/runtime/src/system-turn.ts': ['queueMicrotask'],
  'packages/runtime/src/system-random.ts': ['globalThis'],
  'packages/runtime/src/warnings.ts': ['console', 'setTimeout', 'clearTimeout'],
  'packages/runtime/src/faces/abort.ts': ['setInterval', 'clearInterval'],
  'packages/linearizability/src/budget.ts': ['performance'],
}

/** Folders that may use promises: the faces for applications. An algorithm has events. */
export const promiseFaces = ['packages/runtime/src/faces/']

/** Packages whose files with `algorithm(` in them are algorithms of the book, each on its own page. */
export const algorithmPackages = ['links', 'fd', 'broadcast', 'register', 'consensus', 'agreement']

export const limits = {
  fileLines: 400,
  algorithmLines: 150,
  functionLines: 70,
  handlerLines: 25,
}

export const headerWords = ['Implements', 'Uses', 'Assumes', 'Cost', 'Source']

const timer = 'a timer port (`uses: { timer: ... }`)'
const random = 'a random port handed in by the host'
const network = 'a transport'
const anywhere = 'a port below; the algorithm runs anywhere'
const event = 'events: `upon` and `when`'

/** What pure code may not touch, and what it uses instead. @type {Record<string, string>} */
export const bannedGlobals = {
  process: anywhere,
  globalThis: anywhere,
  window: anywhere,
  self: anywhere,
  require: 'import',
  module: 'export',
  eval: 'code',
  console: 'the observer',
  Buffer: 'Uint8Array',
  Date: timer,
  performance: timer,
  setTimeout: timer,
  clearTimeout: timer,
  setInterval: timer,
  clearInterval: timer,
  setImmediate: 'an event of its own: the queue is FIFO',
  clearImmediate: 'an event of its own: the queue is FIFO',
  queueMicrotask: 'an event of its own: the queue is FIFO',
  crypto: random,
  fetch: network,
  WebSocket: network,
  XMLHttpRequest: network,
  WeakRef: 'explicit disposal: garbage collection is not deterministic',
  FinalizationRegistry: 'explicit disposal: garbage collection is not deterministic',
  Promise: event,
}

export const replacements = { random, event, anywhere }

/** Ends of names that say nothing. */
export const emptyWords = ['Impl', 'Manager', 'Helper', 'Helpers', 'Util', 'Utils']
