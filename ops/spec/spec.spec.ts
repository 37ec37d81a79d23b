import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { report } from './report.mjs'

const folders: string[] = []
const tree = async (files: Record<string, string>): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'verbatim-spec-'))
  folders.push(root)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true })
    await writeFile(join(root, file), text)
  }
  return root
}
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

const rules = (...ids: string[]) =>
  `# Rules\n\n## CV Conversations\n${ids.map((id) => `- **${id}** Something holds.\n`).join('')}`

it('OP1 passes when every rule has a test and every test a rule', async () => {
  const root = await tree({
    'protocol/SPEC.md': rules('CV1', 'CV2'),
    'services/commands/conversation.spec.ts': `it('CV1 is so', () => {}); it('CV2 too', () => {}); it('CV2 also', () => {})`,
  })
  expect(report(root)).toEqual({ faults: [], table: [{ title: 'CV Conversations', rules: 2, tests: 3 }] })
})

it('OP1 names the rule that has no test', async () => {
  const root = await tree({ 'protocol/SPEC.md': rules('CV1', 'CV2'), 'web/a.spec.tsx': `it('CV1 is so', () => {})` })
  expect(report(root).faults).toEqual(['protocol/SPEC.md no test: CV2'])
})

it('OP1 names the test that has no rule, with its line', async () => {
  const root = await tree({
    'protocol/SPEC.md': rules('CV1'),
    'web/a.spec.ts': `it('CV1 is so', () => {})\nit('CV9 is not', () => {})\nit('works', () => {})\nit('CV1and more', () => {})`,
  })
  expect(report(root).faults).toEqual([
    'web/a.spec.ts:2 no rule: SPEC.md has no CV9: CV9 is not',
    'web/a.spec.ts:3 no rule: the title does not start with the id of one: works',
    'web/a.spec.ts:4 no rule: the title does not start with the id of one: CV1and more',
  ])
})

it('OP1 names a rule that is there twice or in another section', async () => {
  const root = await tree({
    'protocol/SPEC.md': `${rules('CV1', 'CV1', 'GW1')}`,
    'web/a.spec.ts': `it('CV1 and GW1 are so', () => {}); it('GW1 is so', () => {})`,
  })
  expect(report(root).faults).toEqual([
    'protocol/SPEC.md:5 CV1 is there twice',
    'protocol/SPEC.md:6 GW1 stands in another section',
  ])
})

it('OP2 reads titles of tables, properties, templates and contracts, and no other calls', async () => {
  const root = await tree({
    'protocol/SPEC.md': rules('CV1', 'CV2', 'CV3', 'CV4', 'CV5', 'CV6'),
    'services/log.contract.ts': `export const describeLog = (name: string) => it('CV1 is so', () => {})`,
    'services/a.spec.ts': [
      "it.each([1, 2])('CV2 takes %s', () => {})",
      `it.each\`a \${1}\`('CV3 takes $a', () => {})`,
      "test.concurrent.for([1])('CV4, CV5 and CV6 hold', () => {})",
      `it(\`CV6 holds for \${'x'}\`, () => {})`,
      "/CV/.test('no test'); for (const it = [].values(); ; ) it.next('no test')",
    ].join('\n'),
    'services/b.int.spec.ts': 'it(title, () => {})',
    'services/not-a-test.ts': "it('is never run', () => {})",
    'services/dist/c.spec.ts': "it('was built', () => {})",
    'services/node_modules/d/d.spec.ts': "it('is of others', () => {})",
  })
  expect(report(root)).toEqual({
    faults: ['services/b.int.spec.ts:1 no rule: the title does not start with the id of one: (not a literal)'],
    table: [{ title: 'CV Conversations', rules: 6, tests: 7 }],
  })
})

const spec = (root: string): Promise<{ code: unknown; output: string }> =>
  new Promise((resolve) => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'spec.mjs')
    execFile(process.execPath, [script, root], (error, output) => resolve({ code: error?.code ?? 0, output }))
  })

it('OP1 ends the program with 1 for a fault and with 0 without', async () => {
  const good = await tree({ 'protocol/SPEC.md': rules('CV1'), 'web/a.spec.ts': `it('CV1 is so', () => {})` })
  const bad = await tree({})
  await cp(good, bad, { recursive: true })
  await writeFile(join(bad, 'web/b.spec.ts'), `it('is anything', () => {})`)
  const [passed, failed] = await Promise.all([spec(good), spec(bad)])
  expect(passed.code).toBe(0)
  expect(passed.output).toContain('every rule has a test')
  expect(failed.code).toBe(1)
  expect(failed.output).toContain('web/b.spec.ts:1 no rule')
})
