/**
 * A tool that projects use, and how it is tried with what is in the project already: `app.ts`, the same as `plain.mjs`, and `main.mjs`, which prints `hello`.
 * @typedef {object} Trial
 * @property {string} name
 * @property {string[]} install from the registry, with versions
 * @property {Record<string, string>} [files]
 * @property {string[][]} commands
 * @property {string} [prints] in the output of the last one
 */

/** @param {Record<string, unknown>} compilerOptions */
const tsconfig = (compilerOptions) =>
  JSON.stringify({
    compilerOptions: { strict: true, skipLibCheck: false, target: 'es2022', lib: ['es2022'], types: ['node'], ...compilerOptions },
    files: ['app.ts'],
  })

/** Compiles the app with all libraries, in each way to resolve modules. @param {string} version @param {Record<string, unknown>[]} ways @returns {Trial} */
const typescript = (version, ways) => ({
  name: `typescript ${version}`,
  install: [`typescript@${version}`, '@types/node@20.19.0'],
  files: Object.fromEntries(ways.map((way, i) => [`tsconfig.${i}.json`, tsconfig({ ...way, outDir: `out/${i}` })])),
  commands: ways.map((_, i) => ['npx', 'tsc', '-p', `tsconfig.${i}.json`]),
})
const node10 = { module: 'commonjs', moduleResolution: 'node' }
const node16 = { module: 'node16', moduleResolution: 'node16' }
const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' }
const bundler = { module: 'esnext', moduleResolution: 'bundler' }

const test = `const { hello } = require('./plain')\ntest('a register', async () => expect(await hello()).toBe('hello'))\n`

/** @type {Trial[]} */
export const trials = [
  typescript('5.4.5', [node10, node16, bundler]),
  typescript('5.9.3', [node10, node16, nodenext, bundler]),
  typescript('latest', [nodenext, bundler]),
  {
    name: 'ts-jest',
    install: ['jest@30.5.2', 'ts-jest@29.4.15', 'typescript@5.9.3', '@types/jest@30.0.0', '@types/node@20.19.0'],
    files: {
      'jest.config.js': `module.exports = { preset: 'ts-jest' }\n`,
      'hello.test.ts': `import { hello } from './app'\ntest('a register', async () => expect(await hello()).toBe('hello'))\n`,
    },
    commands: [['npx', 'jest', '--silent']],
  },
  {
    name: 'jest',
    install: ['jest@30.5.2', 'esbuild@0.27.7'],
    files: { 'hello.test.js': test },
    commands: [
      ['npx', 'esbuild', 'plain.mjs', '--format=cjs', '--outfile=plain.js'],
      ['npx', 'jest', '--silent'],
    ],
  },
  {
    name: 'vitest',
    install: ['vitest@4.1.12', 'vite@7.3.8'],
    files: {
      'hello.test.mjs': `import { expect, test } from 'vitest'\nimport { hello } from './plain.mjs'\ntest('a register', async () => expect(await hello()).toBe('hello'))\n`,
    },
    commands: [['npx', 'vitest', 'run']],
  },
  {
    name: 'esbuild',
    install: ['esbuild@0.27.7'],
    commands: [
      ['npx', 'esbuild', 'main.mjs', '--bundle', '--platform=node', '--outfile=out/esbuild.cjs'],
      ['node', 'out/esbuild.cjs'],
    ],
    prints: 'hello',
  },
  {
    name: 'webpack',
    install: ['webpack@5.113.0', 'webpack-cli@7.3.1'],
    commands: [
      ['npx', 'webpack', './main.mjs', '--mode=production', '--target=node', '--output-path=out', '--output-filename=webpack.cjs'],
      ['node', 'out/webpack.cjs'],
    ],
    prints: 'hello',
  },
  {
    name: 'rollup',
    install: ['rollup@4.68.8', '@rollup/plugin-node-resolve@16.0.3'],
    commands: [
      ['npx', 'rollup', 'main.mjs', '-p', 'node-resolve', '--format=cjs', '--file=out/rollup.cjs'],
      ['node', 'out/rollup.cjs'],
    ],
    prints: 'hello',
  },
  {
    name: 'vite',
    install: ['vite@7.3.8'],
    files: {
      'vite.config.mjs': `export default { build: { ssr: 'main.mjs', outDir: 'out/vite', rollupOptions: { output: { entryFileNames: 'main.mjs' } } }, ssr: { noExternal: true } }\n`,
    },
    commands: [
      ['npx', 'vite', 'build'],
      ['node', 'out/vite/main.mjs'],
    ],
    prints: 'hello',
  },
  {
    name: 'parcel',
    install: ['parcel@2.16.4'],
    commands: [
      ['npx', 'parcel', 'build', 'main.mjs', '--dist-dir', 'out/parcel', '--no-cache', '--no-source-maps'],
      ['node', 'out/parcel/main.js'],
    ],
    prints: 'hello',
  },
  {
    name: 'node with types stripped',
    install: ['node@24'],
    files: { 'strip.ts': `import { hello } from './app.ts'\nconst text: string | undefined = await hello()\nconsole.log(text)\n` },
    commands: [['npx', 'node', 'strip.ts']],
    prints: 'hello',
  },
  { name: 'bun', install: ['bun@1.4.5'], commands: [['npx', 'bun', 'main.mjs']], prints: 'hello' },
]
