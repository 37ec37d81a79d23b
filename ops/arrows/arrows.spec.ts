import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { check } from './check.mjs'

const folders: string[] = []
const tree = async (files: Record<string, string>): Promise<string> => {
  const root = await mkdtemp(join(tmpdir(), 'verbatim-arrows-'))
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

const decider = 'services/commands/conversation/decider.ts'
const forbidden: [file: string, from: string, why: string][] = [
  [decider, '@verbatim/services/event-log', 'a decider imports only protocol and its siblings'],
  [decider, 'node:crypto', 'a decider imports only protocol and its siblings'],
  [decider, '../loop.ts', 'a decider imports only protocol and its siblings'],
  ['services/gateway/session/session.ts', 'ws', 'only adapters import ws'],
  ['services/event-log/port.ts', 'better-sqlite3', 'only adapters import better-sqlite3'],
  ['projections/timelines/timelines.ts', 'better-sqlite3', 'only adapters import better-sqlite3'],
  ['web/session/session.ts', 'nats/kv', 'only adapters import nats'],
  ['services/gateway/adapters/argon2.ts', '@node-rs/argon2', '@node-rs/argon2 stays in services/identity/'],
  ['web/app.tsx', '@verbatim/services/live', 'web imports only protocol'],
  ['web/app.tsx', '../services/live/index.ts', 'a relative path does not leave its part: use the workspace name'],
  ['protocol/ids.ts', 'node:crypto', 'protocol imports nothing of ours and does no I/O'],
  ['protocol/ids.ts', '@verbatim/services/live', 'protocol imports nothing of ours and does no I/O'],
  ['services/live/index.ts', '@verbatim/ops/embedded', 'nothing imports ops'],
  ['services/live/live.spec.ts', '@verbatim/ops/embedded', 'nothing imports ops'],
  ['services/live/index.ts', '@verbatim/web', 'nothing imports web'],
  ['ops/faults/load.ts', '@verbatim/web/sync', 'nothing imports web'],
  ['services/live/a.ts', '../event-log/port.ts', 'a relative path does not leave its part: use the workspace name'],
  [
    'services/live/index.ts',
    '@verbatim/services/event-log/port',
    "a part is entered by its door only: its folder's index.ts",
  ],
  ['services/live/index.ts', '@verbatim/services', "a part is entered by its door only: its folder's index.ts"],
  [
    'services/live/index.ts',
    '@verbatim/protocol/examples/cast',
    "a part is entered by its door only: its folder's index.ts",
  ],
  ['services/live/index.ts', '@verbatim/services/live', 'within a part files import each other by path'],
  ['services/live/index.ts', './live.rig.ts', 'only tests import what is made for tests'],
  ['services/live/index.ts', './rig/talking.ts', 'only tests import what is made for tests'],
  ['services/live/index.ts', '@verbatim/protocol/examples', 'only tests import what is made for tests'],
  ['services/live/index.ts', './port', 'a relative import names its file with the ending'],
]

const allowed: [file: string, from: string][] = [
  [decider, '@verbatim/protocol'],
  [decider, './members.ts'],
  ['services/commands/conversation/decider.spec.ts', 'fast-check'],
  ['services/commands/loop.ts', '@verbatim/services/event-log'],
  ['services/gateway/sockets/adapters/ws.ts', 'ws'],
  ['services/event-log/event-log.spec.ts', 'better-sqlite3'],
  ['projections/timelines/timelines-store.ts', 'better-sqlite3'],
  ['services/identity/adapters/argon2.ts', '@node-rs/argon2'],
  ['ops/embedded/main.ts', '@verbatim/services/gateway'],
  ['ops/embedded/main.ts', 'better-sqlite3'],
  ['web/app.tsx', '@verbatim/protocol'],
  ['ops/faults/simulation/device.ts', '@verbatim/web/sync'],
  ['web/app.tsx', './styles/tokens.css'],
  ['web/app.tsx', '~icons/lucide/send'],
  ['protocol/ids.ts', '@noble/hashes/sha2.js'],
  ['protocol/ids.spec.ts', 'node:crypto'],
  ['services/live/live.spec.ts', '@verbatim/protocol/examples'],
  ['services/live/live.spec.ts', './rig/talking.ts'],
  ['services/gateway/rig/talking.ts', 'ws'],
  ['services/commands/given.ts', '@verbatim/protocol/examples'],
  ['ops/bench/seed.ts', '@verbatim/protocol/examples'],
]

describe('an import', () => {
  it.each(forbidden)('OP3 in %s of %s is a fault', async (file, from, why) => {
    const root = await tree({ [file]: `\nimport '${from}'\n` })
    expect(check(root).faults).toEqual([`${file}:2 imports "${from}": ${why}`])
  })

  it.each(allowed)('OP3 in %s of %s follows the arrows', async (file, from) => {
    expect(check(await tree({ [file]: `import '${from}'` }))).toEqual({ files: 1, faults: [] })
  })

  it.each([
    `import type { Live } from '@verbatim/ops/live'`,
    `export * from '@verbatim/ops/live'`,
    `const live = await import('@verbatim/ops/live')`,
    `const live = require('@verbatim/ops/live')`,
    `type Live = import('@verbatim/ops/live').Live`,
    `import live = require('@verbatim/ops/live')`,
    `import {\n  live,\n} from '@verbatim/ops/live'`,
  ])('OP3 is found in every spelling: %s', async (text) => {
    expect(check(await tree({ 'services/live/index.ts': text })).faults).toEqual([
      'services/live/index.ts:1 imports "@verbatim/ops/live": nothing imports ops',
    ])
  })

  it('OP3 in a comment or a string is none', async () => {
    const text = `// import '@verbatim/ops/live'\nconst text = "import '@verbatim/ops/live'"`
    expect(check(await tree({ 'services/live/index.ts': text })).faults).toEqual([])
  })
})

describe('the environment', () => {
  it('OP4 is read in ops and by tests alone', async () => {
    const text = `const a = process.env.PORT\nconst b = () => process['env']['DATA']\nconst c = this.process.enviable`
    const root = await tree({ 'ops/main.ts': text, 'web/a.spec.ts': text, 'services/live/index.ts': text })
    expect(check(root).faults).toEqual([
      'services/live/index.ts:1 reads process.env: settings come in as arguments',
      'services/live/index.ts:2 reads process.env: settings come in as arguments',
    ])
  })
})

const arrows = (root: string): Promise<{ code: unknown; output: string }> =>
  new Promise((resolve) => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'arrows.mjs')
    execFile(process.execPath, [script, root], (error, output) => resolve({ code: error?.code ?? 0, output }))
  })

it('OP3 ends the program with 1 for a fault and with 0 without', async () => {
  const [passed, failed] = await Promise.all([
    arrows(await tree({ 'web/a.ts': `import './b.ts'`, 'web/b.ts': '' })),
    arrows(await tree({ 'web/a.ts': `import './b'` })),
  ])
  expect(passed).toEqual({ code: 0, output: 'the imports of 2 files follow the arrows\n' })
  expect(failed.code).toBe(1)
  expect(failed.output).toContain('web/a.ts:1 imports "./b"')
})
