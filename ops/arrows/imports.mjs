import { posix } from 'node:path'
import ts from 'typescript'
import { descendants, lineOf } from '../sources/sources.mjs'

/**
 * Everything that a file takes from elsewhere: `import`, `export … from`, `import()`, `require`, `import('…').Type`.
 * @returns {Generator<{ line: number, from: string }>}
 */
export const importsOf = function* (tree) {
  for (const node of descendants(tree)) {
    const from = specifierOf(node)
    if (from !== undefined) yield { line: lineOf(tree, node), from }
  }
}

const specifierOf = (node) => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return text(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return text(node.argument.literal)
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference))
    return text(node.moduleReference.expression)
  if (ts.isCallExpression(node) && isLoader(node.expression)) return text(node.arguments[0])
  return undefined
}
const text = (node) => (node && ts.isStringLiteralLike(node) ? node.text : undefined)
const isLoader = (callee) =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

/** Lines that read the environment: `process.env` by either spelling. */
export const environmentReads = function* (tree) {
  for (const node of descendants(tree)) {
    const isRead =
      (ts.isPropertyAccessExpression(node) && isProcess(node.expression) && node.name.text === 'env') ||
      (ts.isElementAccessExpression(node) && isProcess(node.expression) && text(node.argumentExpression) === 'env')
    if (isRead) yield lineOf(tree, node)
  }
}
const isProcess = (node) => ts.isIdentifier(node) && node.text === 'process'

/**
 * The part that a file belongs to: `services/event-log`, `protocol`, `web`. Within a part files import each other by
 * relative paths; from outside only its door is seen.
 */
export const partOf = (file) => {
  const [workspace, folder] = file.split('/')
  return workspace === 'services' || workspace === 'projections' ? `${workspace}/${folder}` : workspace
}

/** Where an import leads: a file of ours by a relative path, a door of ours by its workspace name, or a package. */
export const targetOf = (file, from) => {
  if (from.startsWith('.')) {
    const path = posix.normalize(posix.join(posix.dirname(file), from))
    return { kind: 'relative', path, part: partOf(path) }
  }
  const [scope, workspace, ...rest] = from.split('/')
  if (scope === '@verbatim') {
    const path = [workspace, ...rest].join('/')
    return { kind: 'door', path, part: partOf(path), depth: rest.length }
  }
  return { kind: 'package', name: packageName(from) }
}
const packageName = (from) =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
