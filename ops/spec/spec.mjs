// Lists rules without a test and tests without a rule; exits 1 on either.
//   node ops/spec/spec.mjs [folder]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { table, faults } = report(root)

for (const { title, rules, tests } of table)
  console.log(`${title.padEnd(24)} ${`${rules}`.padStart(4)} rules ${`${tests}`.padStart(5)} tests`)
for (const fault of faults) console.log(fault)
console.log(faults.length === 0 ? 'every rule has a test, every test a rule' : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
