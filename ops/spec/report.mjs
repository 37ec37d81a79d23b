import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { descendants, lineOf, sources } from '../sources/sources.mjs'

/**
 * Compares the rules of protocol/SPEC.md with the titles of all tests.
 * @param {string} root
 */
export const report = (root) => {
  const { sections, faults } = readRules(readFileSync(join(root, 'protocol/SPEC.md'), 'utf8'))
  const rules = new Set(sections.flatMap((section) => section.rules))
  /** @type {Map<string, number>} */
  const tests = new Map()
  for (const { file, tree } of sources(root, isTestFile)) {
    for (const { line, title } of titlesIn(tree)) {
      const ids = idsOf(title)
      if (ids.length === 0)
        faults.push(`${file}:${line} no rule: the title does not start with the id of one: ${title}`)
      for (const id of ids) {
        if (!rules.has(id)) faults.push(`${file}:${line} no rule: SPEC.md has no ${id}: ${title}`)
        tests.set(id, (tests.get(id) ?? 0) + 1)
      }
    }
  }
  for (const id of rules) if (!tests.has(id)) faults.push(`protocol/SPEC.md no test: ${id}`)
  return {
    faults,
    table: sections
      .filter((section) => section.rules.length > 0)
      .map(({ title, rules }) => ({ title, rules: rules.length, tests: sum(rules.map((id) => tests.get(id) ?? 0)) })),
  }
}

const isTestFile = (file) => /\.(spec|contract)\.tsx?$/.test(file)
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)

/** Sections with the ids of their rules. A rule is a line that begins `- **CV4** `. */
const readRules = (text) => {
  const sections = []
  const faults = []
  const seen = new Set()
  for (const [index, line] of text.split('\n').entries()) {
    const heading = /^## (.+)$/.exec(line)
    if (heading) sections.push({ title: heading[1], rules: [] })
    const id = /^- \*\*([A-Z]{2}\d+)\*\* \S/.exec(line)?.[1]
    if (!id) continue
    if (seen.has(id)) faults.push(`protocol/SPEC.md:${index + 1} ${id} is there twice`)
    if (!sections.at(-1)?.title.startsWith(`${id.slice(0, 2)} `))
      faults.push(`protocol/SPEC.md:${index + 1} ${id} stands in another section`)
    seen.add(id)
    sections.at(-1)?.rules.push(id)
  }
  return { sections, faults }
}

/** `CV4 …`, or `CV4, RL2 and GW7 …` for a test that proves several. */
const idsOf = (title) =>
  (/^[A-Z]{2}\d+(?:(?:, | and )[A-Z]{2}\d+)*(?= )/.exec(title)?.[0] ?? '').match(/[A-Z]{2}\d+/g) ?? []

/** First arguments of `it(…)`, `test.each(…)(…)`, `it.prop(…)(…)`; of a template, what stands before its first hole. */
const titlesIn = function* (tree) {
  for (const node of descendants(tree)) {
    if (!ts.isCallExpression(node) || !isTest(node.expression)) continue
    // it.each(…) and it.prop(…) only prepare: their result is called with the title.
    if (ts.isCallExpression(node.parent) && node.parent.expression === node) continue
    const [title] = node.arguments
    const line = lineOf(tree, node)
    if (title && ts.isStringLiteralLike(title)) yield { line, title: title.text }
    else if (title && ts.isTemplateExpression(title)) yield { line, title: `${title.head.text}…` }
    else yield { line, title: '(not a literal)' }
  }
}

const VARIANTS = new Set([
  'each',
  'for',
  'prop',
  'only',
  'skip',
  'concurrent',
  'sequential',
  'fails',
  'runIf',
  'skipIf',
])
/** `it`, `it.each`, `it.only.each(…)`; but not `it.next()` of an iterator. */
const isTest = (callee) => {
  if (ts.isIdentifier(callee)) return callee.text === 'it' || callee.text === 'test'
  if (ts.isPropertyAccessExpression(callee)) return VARIANTS.has(callee.name.text) && isTest(callee.expression)
  if (ts.isCallExpression(callee)) return isTest(callee.expression)
  if (ts.isTaggedTemplateExpression(callee)) return isTest(callee.tag)
  return false
}
