import { existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { conversationStream, readingStream } from '@verbatim/protocol'
import { bob, idAt, messageSent, readUpTo, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { runHere } from '../cli.rig.ts'
import { copyOf, installation, withLog } from '../installation.rig.ts'
import type { Fault } from './faults.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})
const verified = async (folder: string) => {
  const { exit, out } = await runHere(folder, ['verify', '--json'])
  const found: { events: number; models: { model: string; hash?: string }[]; faults: Fault[] } = JSON.parse(
    out[0] ?? '',
  )
  return { exit, ...found }
}
const inFile = (file: string, work: string | ((db: Database.Database) => void)) => (folder: string) => {
  const db = new Database(join(folder, file))
  if (typeof work === 'string') db.exec(work)
  else work(db)
  db.close()
}
const flipped = (column: string) =>
  inFile('log.db', (db) => {
    const value: unknown = db.prepare(`SELECT ${column} FROM events WHERE position = 20`).pluck().get()
    const spoilt = typeof value === 'number' ? value ^ 8 : Buffer.isBuffer(value) ? value.fill(1, 0, 1) : `x${value}`
    db.prepare(`UPDATE events SET ${column} = ? WHERE position = 20`).run(spoilt)
  })
const MODEL = { timelines: 'timelines_v1.db', graph: 'social_graph_v1.db', people: 'people_v1.db' } as const

describe('verify', () => {
  it('OP43 finds nothing in a sound installation, and leaves it as it was', async () => {
    const folder = copyOf(sound)
    const before = readFileSync(join(folder, 'log.db'))
    const { exit, events, models, faults } = await verified(folder)
    expect({ exit, events, faults }).toEqual({ exit: 0, events: 51, faults: [] })
    expect(models.map(({ model, hash }) => [model, hash?.length])).toEqual([
      ['timelines', 64],
      ['social_graph', 64],
      ['people', 64],
    ])
    expect(readFileSync(join(folder, 'log.db'))).toEqual(before)
  })

  it('OP43 finds nothing in models that are behind, also where the log was compacted since', async () => {
    const folder = copyOf(sound)
    await withLog(folder, async (append) => {
      await append(conversationStream(tea), [messageSent({ message: idAt(90), n: 41 })])
      await append(readingStream(tea, bob), [readUpTo({ revision: 44, n: 41 })])
    })
    expect(await verified(folder)).toMatchObject({ exit: 0, faults: [] })
  })

  it.each<[string, Fault, (folder: string) => void]>([
    ...(
      ['revision', 'id', 'type', 'schema', 'actor', 'session', 'command', 'digest', 'at', 'data', 'checksum'] as const
    ).map((column): [string, Fault, (folder: string) => void] => [
      `a changed ${column}`,
      { where: 'log', position: 20, what: 'its checksum does not match' },
      flipped(column),
    ]),
    [
      'an event that was deleted',
      { where: 'log', position: 21, what: 'its revision is 15 and that before it 13' },
      inFile('log.db', 'DELETE FROM events WHERE position = 20'),
    ],
    [
      'two events that changed places',
      { where: 'log', position: 20, what: 'its checksum does not match' },
      inFile(
        'log.db',
        `UPDATE events SET position = 0 WHERE position = 20; UPDATE events SET position = 20 WHERE position = 21;
         UPDATE events SET position = 21 WHERE position = 0`,
      ),
    ],
    [
      'a table of the log that is gone',
      { where: 'log', what: 'no such table: streams' },
      inFile('log.db', 'DROP TABLE streams'),
    ],
    ['a log that was cut', { where: 'log', what: 'is damaged' }, cut('log.db')],
    ['identities that were cut', { where: 'identity', what: 'malformed' }, cut('identity.db')],
    [
      'an account that lost its handle',
      { where: 'identity', position: 2, what: 'has no handle' },
      inFile('identity.db', "DELETE FROM handles WHERE handle = 'bob'"),
    ],
    [
      'a handle without an account',
      { where: 'identity', what: 'eve (01J' },
      inFile('identity.db', "INSERT INTO handles VALUES ('eve', '01JEVE', 'Eve', '', 1, 0)"),
    ],
    [
      'a changed message',
      { where: 'timelines', position: 52, what: 'row 9 is not as the log says: message' },
      inFile(MODEL.timelines, "UPDATE messages SET body = '{}' WHERE revision = 9"),
    ],
    [
      'a message that is gone',
      { where: 'timelines', position: 52, what: 'message' },
      inFile(MODEL.timelines, 'DELETE FROM messages WHERE revision = 40'),
    ],
    [
      'a changed read mark',
      { where: 'timelines', position: 52, what: 'mark' },
      inFile(MODEL.timelines, 'UPDATE marks SET n = n + 1'),
    ],
    [
      'a changed role',
      { where: 'social_graph', position: 52, what: 'members' },
      inFile(MODEL.graph, "UPDATE members SET role = 'member'"),
    ],
    [
      'a friend too many',
      { where: 'social_graph', position: 52, what: 'should not be there' },
      inFile(MODEL.graph, "INSERT INTO friends VALUES ('x', 'y', 1)"),
    ],
    [
      'a changed name',
      { where: 'people', position: 52, what: 'people' },
      inFile(MODEL.people, "UPDATE people SET name = 'Eve' WHERE handle = 'ada'"),
    ],
    [
      'a table of a model that is gone',
      { where: 'timelines', what: 'its tables are not those' },
      inFile(MODEL.timelines, 'DROP TABLE pins'),
    ],
    [
      'an index of a model that is gone',
      { where: 'people', what: 'its tables are not those' },
      inFile(MODEL.people, 'DROP INDEX people_by_name'),
    ],
    [
      'a model ahead of the log',
      { where: 'people', position: 99, what: 'ahead of the log' },
      inFile(MODEL.people, "UPDATE meta SET value = 99 WHERE key = 'position'"),
    ],
    [
      'a model that skipped events',
      { where: 'timelines', what: 'message' },
      inFile(MODEL.timelines, 'DELETE FROM messages WHERE revision > 30'),
    ],
    [
      'a model of another log',
      { where: 'people', what: 'another log, log-0' },
      inFile(MODEL.people, "UPDATE meta SET value = 'log-0' WHERE key = 'log'"),
    ],
    ['a model that was cut', { where: 'social_graph', what: 'malformed' }, cut(MODEL.graph)],
    [
      'a model that is none',
      { where: 'people', what: 'not a database' },
      (folder) => writeFileSync(join(folder, MODEL.people), 'x'.repeat(9_000)),
    ],
    [
      'an event that is set aside',
      { where: 'people', position: 1, what: 'set aside' },
      inFile(MODEL.people, "INSERT INTO parked VALUES (1, 'account-x', 0, 'no')"),
    ],
  ])('OP43 finds %s', async (_, { where, position, what }, spoil) => {
    const folder = copyOf(sound)
    spoil(folder)
    const { exit, faults } = await verified(folder)
    expect(exit).toBe(1)
    const expected: unknown = expect.objectContaining({
      where,
      ...(position !== undefined && { position }),
      what: expect.stringContaining(what),
    })
    expect(faults).toContainEqual(expected)
    expect(faults.filter((fault) => fault.where !== where)).toEqual([])
  })

  it('OP43 says of a model of another version that it is one, and takes it for no fault', async () => {
    const folder = copyOf(sound)
    inFile(MODEL.people, "INSERT INTO meta VALUES ('version', 7) ON CONFLICT DO UPDATE SET value = 7")(folder)
    const { exit, models } = await verified(folder)
    expect(exit).toBe(0)
    expect(models.find(({ model }) => model === 'people')).toMatchObject({
      note: expect.stringContaining('another version'),
    })
  })

  it('OP43 leaves nothing of its trials behind', async () => {
    const { out } = await runHere(sound, ['replay', '--rehearse', 'people', '--json'])
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ events: 51, parked: [] })
    expect(readdirSync(sound).filter((name) => /shadow|live/.test(name))).toEqual([])
  })
})

function cut(file: string) {
  return (folder: string): void => {
    for (const suffix of ['-wal', '-shm'])
      if (existsSync(join(folder, file + suffix))) truncateSync(join(folder, file + suffix), 0)
    const { size } = statSync(join(folder, file))
    truncateSync(join(folder, file), Math.floor(size / 2 / 4_096) * 4_096 + 17)
  }
}
