import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Job, Result } from './generator/job.ts'

/** Runs one job in a generator of its own process. @throws when the run has violations: it has no score then. */
export const generate = async (job: Job): Promise<Result> => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bench-generator.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(job))
  const result: Result = JSON.parse(await text(child.stdout))
  if (result.violations.length > 0) throw new Error(`no score, since:\n  ${result.violations.join('\n  ')}`)
  return result
}
