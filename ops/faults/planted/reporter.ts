import type { Reporter, TestModule } from 'vitest/node'

/** What each project made of its mistake: titles of tests that failed, how many passed, and what did not even load. */
export type Verdicts = Record<string, { failed: string[]; passed: number; errors: string[] }>

const MARK = 'verdicts: '

/** Tells the verdicts in one line of JSON. */
export const verdicts: Reporter = {
  onTestRunEnd(modules: readonly TestModule[]) {
    const all: Verdicts = {}
    for (const module of modules) {
      const name = module.project.name
      all[name] ??= { failed: [], passed: 0, errors: [] }
      const of = all[name]
      for (const test of module.children.allTests('failed')) of.failed.push(test.name)
      of.passed += [...module.children.allTests('passed')].length
      of.errors.push(...module.errors().map(({ message }) => message))
    }
    console.log(`${MARK}${JSON.stringify(all)}`)
  },
}

export const verdictsIn = (output: string): Verdicts => {
  const line = output.split('\n').find((each) => each.startsWith(MARK))
  if (line === undefined) throw new Error(`the runner of tests told no verdicts: ${output.slice(-2_000)}`)
  return JSON.parse(line.slice(MARK.length))
}
