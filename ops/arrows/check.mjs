import { sources } from '../sources/sources.mjs'
import { environmentReads, importsOf, targetOf } from './imports.mjs'
import { arrows, isTest } from './rules.mjs'

/**
 * Every import against the arrows, as `file:line imports "x": why not`.
 * @param {string} root
 * @returns {{ files: number, faults: string[] }}
 */
export const check = (root) => {
  const all = sources(root, () => true)
  return { files: all.length, faults: all.flatMap((source) => [...faultsOf(source)]) }
}

const faultsOf = function* ({ file, tree }) {
  for (const { line, from } of importsOf(tree)) {
    const target = targetOf(file, from)
    const why = arrows.map((arrow) => arrow(file, target)).find(Boolean)
    if (why) yield `${file}:${line} imports "${from}": ${why}`
  }
  if (file.startsWith('ops/') || isTest(file)) return
  for (const line of environmentReads(tree)) yield `${file}:${line} reads process.env: settings come in as arguments`
}
