// `npm test`: builds, then everything from types to browsers. What this machine cannot run is left out by name, with the
// way to get it; with CI=true that is a failure. Ends with what failed, by name, and one line: N passed, N failed.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const inCi = process.env.CI === 'true'
const reports = mkdtempSync(join(tmpdir(), 'verbatim-test-'))
const leftOut = []
const failures = []
let passed = 0

const fail = (what, why = '') =>
  failures.push(why === '' ? what : `${what}\n    ${why.trim().split('\n').slice(0, 6).join('\n    ')}`)

const run = (title, command, args) => {
  const from = Date.now()
  console.log(`\n== ${title}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  console.log(`== ${title}: ${status === 0 ? 'passed' : 'failed'} in ${((Date.now() - from) / 1_000).toFixed(1)} s`)
  return status === 0
}

/** A step that is one check by itself. */
const step = (title, command, args) => {
  if (run(title, command, args)) passed++
  else fail(title)
}

/** A tier of the test runner, counted test by test. */
const tier = (project) => {
  const report = join(reports, `${project}.json`)
  const fine = run(`tests: ${project}`, process.execPath, [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  if (!existsSync(report)) return fail(`tests: ${project}`, 'ended without a report')
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'))
  passed += numPassedTests
  const before = failures.length
  for (const { name, message, assertionResults } of testResults) {
    const file = relative(root, name)
    const failing = assertionResults.filter(({ status }) => status === 'failed')
    for (const { fullName, failureMessages } of failing) fail(`${file} › ${fullName}`, failureMessages.join('\n'))
    // A file that does not load has no failed test, and no passed one either.
    if (failing.length === 0 && message) fail(file, message)
  }
  if (!fine && failures.length === before) fail(`tests: ${project}`, 'something outside of the tests failed, see above')
}

const needs = (present, what, how, then) => {
  if (present) then()
  else leftOut.push(`${what}: ${how}`)
}

step('build', process.execPath, ['ops/build/build.mjs'])
step('types', 'npm', ['run', '--silent', 'types'])
step('lint', 'npm', ['run', '--silent', 'lint'])
step('spec', 'npm', ['run', '--silent', 'spec'])
tier('unit')
tier('int')
needs(
  existsSync('/usr/bin/chromium'),
  'browser tests',
  'apt-get install chromium, so that there is /usr/bin/chromium',
  () => tier('e2e'),
)

const acceptance = join(root, '../shared/accept/spine.mjs')
if (existsSync(acceptance)) {
  const accept = ['ops/test/accept.mjs', acceptance]
  step('acceptance on uWebSockets.js', process.execPath, [...accept, 'SOCKETS=uws'])
  step('acceptance on the stand-in', process.execPath, [...accept, 'SOCKETS=ws'])
}
needs(
  inCi || process.env.NODE_24 === 'on',
  'Node 24',
  'NODE_24=on npm test, which fetches it from the registry and builds SQLite for it',
  () =>
    step('Node 24 with the stand-in sockets', process.execPath, [
      'ops/test/node-24.mjs',
      ...(existsSync(acceptance) ? [acceptance] : []),
    ]),
)

rmSync(reports, { recursive: true })
if (leftOut.length > 0) {
  console.log(`\nleft out on this machine:\n${leftOut.map((line) => `  ${line}`).join('\n')}`)
  if (inCi) for (const line of leftOut) fail(`left out: ${line}`)
}
if (failures.length > 0) console.log(`\nfailed:\n${failures.map((line) => `  ${line}`).join('\n')}`)
console.log(`\n${passed} passed, ${failures.length} failed`)
process.exit(failures.length > 0 ? 1 : 0)
