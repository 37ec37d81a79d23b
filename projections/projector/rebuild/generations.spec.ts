import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { modelVersion } from '../adapters/sqlite-file.ts'
import { nextGeneration, POINTERS, pointTo, removeLeftovers, servingFile, servingOf } from './generations.ts'
import { freshFolder, spoken, spokenStore } from './rebuild.examples.ts'

const [first, third] = [spoken(), spoken(3)]
const touch = (folder: string, ...files: string[]): void => {
  for (const file of files) writeFileSync(join(folder, file), '')
}

it('PJ22 where nothing was switched the first file serves, or one of the version’s number is made.', () => {
  const folder = freshFolder()
  expect(servingOf(folder, third)).toEqual({ serves: 3 })
  expect(servingFile(folder, third)).toBe(join(folder, 'spoken_v3.db'))
  touch(folder, 'spoken_v2.db', 'spoken_v10.db', 'other_v1.db', 'spoken_v1.db.filling')
  expect(servingOf(folder, third)).toEqual({ serves: 2 })
  expect(servingOf(join(folder, 'nowhere'), first)).toEqual({ serves: 1 })
})

it('PJ22 what serves is named in one file of its owner, for each projection.', async () => {
  const folder = freshFolder()
  await pointTo(folder, 'spoken', { serves: 4, previous: 2 })
  await pointTo(folder, 'other', { serves: 9 })
  expect(servingOf(folder, first)).toEqual({ serves: 4, previous: 2 })
  expect(nextGeneration(folder, first)).toBe(5)
  await pointTo(folder, 'spoken', { serves: 2, previous: 4 })
  expect(nextGeneration(folder, first)).toBe(5)
  expect(JSON.parse(readFileSync(join(folder, POINTERS), 'utf8'))).toEqual({
    spoken: { serves: 2, previous: 4 },
    other: { serves: 9 },
  })
  expect(statSync(join(folder, POINTERS)).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual([POINTERS])
})

it('PJ22 half a pointer that a crash left is not looked at.', async () => {
  const folder = freshFolder()
  await pointTo(folder, 'spoken', { serves: 4 })
  writeFileSync(join(folder, `${POINTERS}.new`), '{"spo')
  expect(servingOf(folder, first)).toEqual({ serves: 4 })
  await pointTo(folder, 'spoken', { serves: 5 })
  expect(servingOf(folder, first)).toEqual({ serves: 5 })
})

it('PJ22 a pointer that somebody spoilt is told, with what to do.', () => {
  for (const text of ['{', '[1]', '{"spoken":{"serves":0}}', '{"spoken":{"serves":"../x"}}']) {
    const folder = freshFolder()
    writeFileSync(join(folder, POINTERS), text)
    expect(() => servingOf(folder, first), text).toThrow('delete it, and the models serve that are there')
  }
})

it('PJ22 what neither serves nor served before is a leftover, with all its files.', async () => {
  const folder = freshFolder()
  touch(folder, 'spoken_v1.db', 'spoken_v2.db', 'spoken_v2.db-wal', 'spoken_v3.db', 'spoken_v4.db')
  touch(folder, 'spoken_v7.db.filling', 'spoken_v7.db.filling-journal', 'other_v2.db', 'spoken_v2.db.bak')
  await pointTo(folder, 'spoken', { serves: 3, previous: 1 })
  await removeLeftovers(folder, first)
  expect(readdirSync(folder).toSorted()).toEqual(
    [POINTERS, 'other_v2.db', 'spoken_v1.db', 'spoken_v2.db.bak', 'spoken_v3.db'].toSorted(),
  )
})

it('PJ23 a model tells which version made it, and one from before that was written is of the first.', async () => {
  const file = join(freshFolder(), 'spoken_v1.db')
  expect(modelVersion(file)).toBeUndefined()
  const store = spokenStore(file, 7)
  expect(modelVersion(file)).toBe(7)
  await store.close()
  const db = new Database(file)
  db.exec(`DELETE FROM meta WHERE key = 'version'`)
  db.close()
  expect(modelVersion(file)).toBe(1)
  writeFileSync(file, 'this is no model, whatever its name says')
  expect(modelVersion(file)).toBeUndefined()
})

it('PJ23 tables of another version stay as they are where they are served, and are made anew elsewhere.', async () => {
  const file = join(freshFolder(), 'spoken_v1.db')
  await spokenStore(file, 1).close()
  await spokenStore(file, 2, 'older').close()
  expect(modelVersion(file)).toBe(1)
  await spokenStore(file, 2).close()
  expect(modelVersion(file)).toBe(2)
})
