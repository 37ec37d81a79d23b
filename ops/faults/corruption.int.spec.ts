import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../cli/cli.rig.ts'
import { accepted, chanceOf, gather, keepSending } from './load.ts'
import { ulid } from './person.ts'
import { recorder } from './recorder.ts'
import { launch, startServer } from './server.ts'

const seed = Number(process.env.FAULTS_SEED ?? Date.now() % 1_000_000)
const PAGE = 16_384
const root = mkdtempSync(join(tmpdir(), 'verbatim-spoilt-'))
/** A folder of a server that was stopped, and the same a moment before it was killed, with its write-ahead log. */
const stopped = join(root, 'stopped')
const killed = join(root, 'killed')
const said = 'a sentence to be found in the file'
let place: string

beforeAll(async () => {
  const record = recorder()
  const server = await startServer({ data: killed })
  const people = await gather(server.base, ['ada', 'bob'], record)
  let going = true
  const load = people.map((person, n) =>
    keepSending(person, { chance: chanceOf(seed + n), window: 16, going: () => going, recorder: record }),
  )
  const [ada] = people
  const conversation = ada?.conversations[0]
  place = (await accepted(server.base, ada, { id: ulid(), type: 'SendMessage', conversation, body: { text: said } }))
    .position
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  going = false
  await Promise.all(load)
  // The models have come as far as the log.
  await new Promise((resolve) => setTimeout(resolve, 300))
  await server.kill()
  for (const { client } of people) client.close()

  rmSync(join(killed, 'admin.sock'))
  cpSync(killed, stopped, { recursive: true })
  await (await startServer({ data: stopped })).stop()
  // All of it in the one file, as after a while.
  const db = new Database(join(stopped, 'log.db'))
  db.pragma('wal_checkpoint(TRUNCATE)')
  db.close()
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

let copies = 0
const spoilt = (from: string, spoil: (folder: string) => void): string => {
  const folder = join(root, `copy-${copies++}`)
  cpSync(from, folder, { recursive: true })
  spoil(folder)
  return folder
}
const started = async (data: string) => {
  const run = launch({ data })
  const outcome = await Promise.race([run.exited, run.listening.then(() => 'listening' as const)])
  await run.kill()
  return { outcome, said: run.errors().trim() }
}
/** Never listens, ends with a failure, and says one sentence; `verify` ends with a failure too. */
const refusal = async (folder: string): Promise<string> => {
  const run = await started(folder)
  expect(run.outcome).toEqual({ code: 1, signal: null })
  expect(run.said.split('\n')).toHaveLength(1)
  expect(run.said).toMatch(/^verbatim cannot start: /)
  const verified = await runCli(folder, ['verify'])
  expect(verified.code).toBeGreaterThan(0)
  return run.said
}
/**
 * How much of a write-ahead log counts: it is written anew from its beginning, and what lies behind is of the round
 * before, with another salt (https://sqlite.org/fileformat2.html#walformat).
 */
const liveBytes = (file: string): number => {
  const bytes = readFileSync(file)
  const salt = bytes.subarray(16, 24)
  let at = 32
  while (bytes.subarray(at + 8, at + 16).equals(salt)) at += 24 + PAGE
  return at
}
const flipBit = (file: string, at: number): void => {
  const bytes = readFileSync(file)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed % 8))
  writeFileSync(file, bytes)
}

describe(`a log that was spoilt (FAULTS_SEED=${seed})`, () => {
  it('OP110 as it was written, it starts', async () => {
    for (const folder of [stopped, killed])
      expect(await started(spoilt(folder, () => undefined))).toMatchObject({ outcome: 'listening', said: '' })
  })
  it('OP110 one flipped bit in what somebody said is named by its position', async () => {
    const folder = spoilt(stopped, (folder) => {
      const file = join(folder, 'log.db')
      // A page that was divided may hold the words a second time, where nobody reads them.
      const bytes = readFileSync(file)
      for (let at = bytes.indexOf(said); at >= 0; at = bytes.indexOf(said, at + 1))
        flipBit(file, at + (seed % said.length))
    })
    expect(await refusal(folder)).toContain(`event at position ${place} of conversation-`)
    expect((await runCli(folder, ['verify'])).out).toContain(place)
  })
  it('OP110 an event that lost its field is named by its position', async () => {
    const folder = spoilt(stopped, (folder) => {
      const db = new Database(join(folder, 'log.db'))
      db.prepare('UPDATE events SET actor = ? WHERE position = ?').run(ulid(), place)
      db.close()
    })
    expect(await refusal(folder)).toContain(`event at position ${place} of conversation-`)
  })
  it.each([1, 2, 8])('OP110 a file that lost its last %d pages is refused', async (pages) => {
    const folder = spoilt(stopped, (folder) => {
      const file = join(folder, 'log.db')
      truncateSync(file, readFileSync(file).length - pages * PAGE)
    })
    expect(await refusal(folder)).toMatch(/position \d+|is damaged/)
  })
  it.each([1, 2, 8])('OP110 a file whose last %d pages are garbled is refused', async (pages) => {
    const folder = spoilt(stopped, (folder) => {
      const file = join(folder, 'log.db')
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.fill(0xa5, bytes.length - pages * PAGE))
    })
    expect(await refusal(folder)).toMatch(/position \d+|is damaged/)
  })
  it.each([0.3, 0.6, 0.9])('OP111 a bit flipped at %d of the write-ahead log of a killed server', async (share) => {
    const folder = spoilt(killed, (folder) => {
      const file = join(folder, 'log.db-wal')
      flipBit(file, Math.floor(liveBytes(file) * share))
    })
    expect(await refusal(folder)).toMatch(/the log ends at position \d+, but \w+ has come to \d+/)
  })
  it('OP111 the write-ahead log of a killed server cut off', async () => {
    const folder = spoilt(killed, (folder) => {
      const file = join(folder, 'log.db-wal')
      truncateSync(file, Math.floor(liveBytes(file) / 2))
    })
    expect(await refusal(folder)).toMatch(/the log ends at position \d+, but \w+ has come to \d+/)
  })
})
