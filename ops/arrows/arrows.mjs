// Holds the import arrows: deciders import only protocol, only adapters import drivers, web only protocol, nothing ops.
//   node ops/arrows/arrows.mjs [folder]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check } from './check.mjs'

const root = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { files, faults } = check(root)

for (const fault of faults) console.log(fault)
console.log(faults.length === 0 ? `the imports of ${files} files follow the arrows` : `${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
