import { defineConfig } from 'vitest/config';

// `quick` is what `npm test` runs. `heavy` takes minutes, or needs input that is not in the repository (`npm run ci:heavy`).
export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'quick',
          include: [
            'src/**/*.test.ts',
            'web/**/*.test.ts',
            'test/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['test/heavy/**', 'test/kernel/**'],
          // Most of the rooms are pure, and no test changes what others see: loading them once is ten times as fast.
          isolate: false,
          // For what hangs: on a busy machine everything here takes ten times as long, and is as right.
          testTimeout: 120_000,
        },
      },
      { test: { name: 'heavy', include: ['test/heavy/**/*.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
