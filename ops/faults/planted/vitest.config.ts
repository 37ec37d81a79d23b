// Runs the specs that are to find planted mistakes: one project for each mistake, and one without any for each spec.
//   npx vitest run --config ops/faults/planted/vitest.config.ts
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { filesWithMistake, type Planted, plantedMistakes } from './mistakes.ts'
import { verdicts } from './reporter.ts'

const bySpec = plantedMistakes.flatMap((planted) =>
  'spec' in planted.foundBy ? [{ planted, spec: planted.foundBy.spec }] : [],
)

/** The runner is handed the source with the mistake in it. */
const planting = (planted: Planted) => {
  const files = filesWithMistake(planted)
  return { name: `planted: ${planted.name}`, enforce: 'pre' as const, load: (id: string) => files.get(id) }
}

/** What takes too long on a slow machine would be taken for a mistake that was found. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  test: {
    reporters: [verdicts],
    projects: [
      ...bySpec.map(({ planted, spec }) => ({
        plugins: [planting(planted)],
        test: { name: planted.name, include: [spec], ...patient },
      })),
      { test: { name: 'none', include: [...new Set(bySpec.map(({ spec }) => spec))], ...patient } },
    ],
  },
})
