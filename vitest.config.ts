import { fileURLToPath } from 'node:url'
import solid from 'vite-plugin-solid'
import { defineConfig } from 'vitest/config'

// Tiers by file name: *.spec.ts needs no servers, *.int.spec.ts starts real processes, *.e2e.spec.ts drives browsers.
const everywhere = ['**/node_modules/**', '**/dist/**']

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [solid()],
        // Solid's plugin asks packages for their browser builds, and that of `ws` only says that there is none.
        resolve: { alias: [{ find: /^ws$/, replacement: fileURLToPath(import.meta.resolve('ws')) }] },
        test: {
          name: 'unit',
          environment: 'node',
          include: ['**/*.spec.ts', '**/*.spec.tsx'],
          exclude: [...everywhere, '**/*.int.spec.ts', '**/*.e2e.spec.ts'],
          // Each takes milliseconds; a slow machine with other work may need a thousand times as long.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'int',
          include: ['**/*.int.spec.ts'],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['**/*.e2e.spec.ts'],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
