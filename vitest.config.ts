import { defineConfig } from 'vitest/config'

/** Tests that take long run in `npm run check` and CI, not in `npm test`. */
const isDeep = process.env.UPON_DEEP === '1'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'scripts/*.test.ts'],
    exclude: ['**/node_modules/**', ...(isDeep ? [] : ['**/*.deep.test.ts'])],
    maxWorkers: '100%', // one core is not kept free: nobody watches
    experimental: { fsModuleCache: true }, // compiles only what has changed since the last run
    isolate: false, // files of one worker share what they import: loading it for each takes longer than most tests
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
