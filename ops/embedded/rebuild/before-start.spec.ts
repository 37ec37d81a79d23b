import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlitePeopleStore } from '@verbatim/projections/search'
import { afterEach, expect, it } from 'vitest'
import { fitOf, type KnownModel, knownModel, openToServe } from '../models.ts'
import { prepareModels } from './before-start.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})
/** A folder in which this version has filled the people. */
const withPeople = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-start-'))
  folders.push(folder)
  await sqlitePeopleStore({ file: join(folder, 'people_v1.db') }).close()
  return folder
}
const people = knownModel('people')
const later = (fits: readonly number[]): KnownModel => ({ ...people, version: people.version + 1, fits })
const prepared = async (folder: string, model: KnownModel) => {
  const said: string[] = []
  const entry = new URL('file:///nowhere/rebuild.js')
  const outdated = await prepareModels([model], { folder, entry, say: (line) => said.push(line) })
  return { outdated, said }
}

it('OP92 models of this version, and those that are not there, are served as they are', async () => {
  const folder = await withPeople()
  expect(await prepared(folder, people)).toEqual({ outdated: [], said: [] })
  expect(await prepared(folder, knownModel('timelines'))).toEqual({ outdated: [], said: [] })
  expect(fitOf(people, people.file(folder))).toBe('same')
  expect(fitOf(people, join(folder, 'nothing.db'))).toBe('missing')
})

it('OP92 one of an older version that fits is named, to be rebuilt while it serves', async () => {
  const folder = await withPeople()
  const model = later([people.version])
  expect(await prepared(folder, model)).toEqual({ outdated: [model], said: [] })
  expect(model.file(folder)).toBe(join(folder, 'people_v1.db'))
})

it('OP92 one that does not fit is not served, and cannot be opened to serve', async () => {
  const folder = await withPeople()
  const model = later([])
  expect(() => openToServe(model, model.file(folder))).toThrow('made by another version of people')
  await expect(prepared(folder, model)).rejects.toThrow('nowhere')
  expect(existsSync(join(folder, 'models.json'))).toBe(false)
})

it('PJ22 what a rebuild left behind is cleared before anything serves', async () => {
  const folder = await withPeople()
  writeFileSync(join(folder, 'people_v2.db.filling'), 'half')
  writeFileSync(join(folder, 'people_v2.db'), 'whole, and never told')
  await prepared(folder, people)
  expect(existsSync(join(folder, 'people_v2.db.filling'))).toBe(false)
  expect(existsSync(join(folder, 'people_v2.db'))).toBe(false)
  expect(existsSync(join(folder, 'people_v1.db'))).toBe(true)
})
