import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

const WORKSPACES = ['protocol', 'services', 'projections', 'web', 'ops']

/**
 * The TypeScript files of the workspaces, parsed; `file` is relative to `root`, with slashes.
 * @param {string} root
 * @param {(file: string) => boolean} isWanted
 * @returns {Array<{ file: string, tree: ts.SourceFile }>}
 */
export const sources = (root, isWanted) =>
  WORKSPACES.flatMap((workspace) => filesIn(join(root, workspace)))
    .map((path) => ({ path, file: relative(root, path).split(sep).join('/') }))
    .filter(({ file }) => isWanted(file))
    .sort((one, other) => (one.file < other.file ? -1 : 1))
    .map(({ path, file }) => ({
      file,
      tree: ts.createSourceFile(file, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
    }))

/** 1-based line of a node, as editors count. */
export const lineOf = (tree, node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1

/** Every node below `node`, depth first. */
export const descendants = function* (node) {
  const children = []
  ts.forEachChild(node, (child) => void children.push(child))
  for (const child of children) {
    yield child
    yield* descendants(child)
  }
}

const filesIn = (folder) => {
  let entries
  try {
    entries = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return entries.flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return []
    if (entry.isDirectory()) return filesIn(join(folder, entry.name))
    return /\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : []
  })
}
