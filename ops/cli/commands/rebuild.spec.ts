import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { servingOf } from '@verbatim/projections/projector'
import { timelines } from '@verbatim/projections/timelines'
import { conversationStream } from '@verbatim/protocol'
import { idAt, messageSent, tea } from '@verbatim/protocol/examples'
import Database from 'better-sqlite3'
import { beforeAll, expect, it } from 'vitest'
import { acts, failure, filesOf, runHere, told } from '../cli.rig.ts'
import { exits } from '../failure.ts'
import { copyOf, installation, withLog } from '../installation.rig.ts'

let sound: string
beforeAll(async () => {
  sound = await installation()
})
const change = (file: string, sql: string): void => {
  const db = new Database(file)
  db.exec(sql)
  db.close()
}

it('OP90 without --apply it tells what it would do, and touches nothing', async () => {
  const folder = copyOf(sound)
  const before = filesOf(folder)
  const { exit, found } = await told(folder, 'rebuild', 'timelines', 'people')
  expect(exit).toBe(exits.fine)
  expect(found).toMatchObject({
    events: found.sample,
    models: [
      { projection: 'timelines', version: 1, fit: 'same', serves: 1, next: 2, previous: null },
      { projection: 'people', version: 1, fit: 'same', serves: 1, next: 2, previous: null },
    ],
  })
  expect(found.rate).toBeGreaterThan(0)
  expect(found.models[0].bytes).toBeGreaterThan(0)
  const { out } = await runHere(folder, ['rebuild', 'timelines'])
  expect(out[0]).toContain('would fill timelines_v2.db beside timelines_v1.db')
  expect(out.at(-1)).toBe('nothing was done: --apply does it')
  expect(filesOf(folder)).toEqual(before)
})

it('OP90 --apply fills, compares and switches; --rollback and --drop-old follow, and each act is noted', async () => {
  const folder = copyOf(sound)
  const notes: string[] = []
  const { exit, out } = await runHere(folder, ['rebuild', 'timelines', 'social_graph', '--apply'], {}, notes)
  expect(exit).toBe(exits.fine)
  expect(out.filter((line) => line.includes('serves'))).toEqual([
    'timelines: timelines_v2.db serves, timelines_v1.db is kept until --drop-old',
    'social_graph: social_graph_v2.db serves, social_graph_v1.db is kept until --drop-old',
  ])
  expect(notes).toContain('timelines: comparing')
  expect(servingOf(folder, timelines)).toEqual({ serves: 2, previous: 1 })
  expect((await told(folder, 'verify')).found.faults).toEqual([])

  expect((await told(folder, 'rebuild', 'timelines', '--rollback')).found).toMatchObject([{ from: 2, to: 1 }])
  expect(servingOf(folder, timelines)).toEqual({ serves: 1, previous: 2 })
  expect((await runHere(folder, ['rebuild', 'timelines', '--drop-old'])).out[0]).toContain('timelines_v2.db is deleted')
  expect(existsSync(join(folder, 'timelines_v2.db'))).toBe(false)
  expect((await told(folder, 'verify')).found.faults).toEqual([])
  expect(acts(folder)).toMatchObject([
    { act: 'rebuild', projections: 'timelines social_graph' },
    { act: 'roll-back', projection: 'timelines' },
    { act: 'drop-old', projection: 'timelines', generation: 2 },
  ])
})

it('OP90 a model that says something else ends with 1, names whom it concerns, and is accepted when that is told', async () => {
  const folder = copyOf(sound)
  change(join(folder, 'timelines_v1.db'), `UPDATE messages SET body = '{"text":"forged"}' WHERE revision = 5`)
  const refused = await told(folder, 'rebuild', 'timelines', '--apply')
  expect(refused.exit).toBe(exits.faults)
  expect(refused.found).toMatchObject([{ switched: false, comparison: { differences: 1, differing: [tea] } }])
  expect(filesOf(folder)).toEqual([...filesOf(sound), 'acts.jsonl', 'lock'].toSorted())
  const { exit, out } = await runHere(folder, ['rebuild', 'timelines', '--apply', '--accept-differences'])
  expect(exit).toBe(exits.fine)
  expect(out.join('\n')).toContain(tea)
  expect((await told(folder, 'verify')).found.faults).toEqual([])
})

it('OP90 what came while nobody projected is in the new model too, as is a model that was never built', async () => {
  const folder = copyOf(sound)
  await withLog(folder, (append) =>
    append(conversationStream(tea), [messageSent({ message: idAt(99), n: 41, body: { text: 'late' } })]),
  )
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `people_v1.db${suffix}`), { force: true })
  const { found } = await told(folder, 'rebuild', 'timelines', 'people', '--apply')
  expect(found).toMatchObject([{ comparison: { same: true, rows: { message: [41, 41] } } }, { switched: true }])
})

it('OP90 a model that this version cannot serve is replaced without being compared', async () => {
  const folder = copyOf(sound)
  change(join(folder, 'people_v1.db'), `UPDATE meta SET value = 99 WHERE key = 'version'; DROP TABLE words`)
  expect((await told(folder, 'rebuild', 'people')).found.models).toMatchObject([{ fit: 'unfit' }])
  const { exit, found } = await told(folder, 'rebuild', 'people', '--apply')
  expect({ exit, found }).toEqual({
    exit: exits.fine,
    found: [{ projection: 'people', switched: true, from: 1, to: 2 }],
  })
  await expect(runHere(folder, ['rebuild', 'people', '--rollback'])).rejects.toThrow(
    'made by another version of people',
  )
  expect(JSON.parse(readFileSync(join(folder, 'models.json'), 'utf8'))).toEqual({ people: { serves: 2, previous: 1 } })
})

it('OP90 what makes no sense is refused before anything is done', async () => {
  const folder = copyOf(sound)
  expect(await failure(folder, 'rebuild', 'nothing')).toMatchObject({ exit: exits.usage })
  expect(await failure(folder, 'rebuild', 'people', '--apply', '--rollback')).toMatchObject({ exit: exits.usage })
  expect(await failure(folder, 'rebuild', 'people', '--accept-differences')).toMatchObject({ exit: exits.usage })
  expect((await failure(join(folder, 'nowhere'), 'rebuild', 'people')).exit).toBe(exits.missing)
  for (const act of ['--rollback', '--drop-old'])
    await expect(runHere(folder, ['rebuild', 'people', act])).rejects.toThrow('no older model of people is kept')
})
