import { readdirSync, readFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { besides, modelFile, unfinished } from '../adapters/sqlite-file.ts'
import type { Projection } from '../port.ts'

/**
 * Which generation of a projection's model serves, and which one served before and is kept. The `n` of the file's name
 * counts generations; see `modelVersion` for the code that filled it.
 */
export type Serving = { readonly serves: number; readonly previous?: number }
type Named = Pick<Projection<never>, 'name' | 'version'>

/** Names the generations that serve. Whoever loses it loses nothing: every model can be brought up to the log. */
export const POINTERS = 'models.json'

/**
 * What serves in a data folder. Where nothing was ever switched, that is the first file there is, or the one that will be
 * made: numbered by the version of the projection.
 * @throws when models.json is not as it was written
 */
export const servingOf = (folder: string, { name, version }: Named): Serving => {
  const [first = version] = generationsOf(folder, name)
  return pointersIn(folder)[name] ?? { serves: first }
}

/** The file that serves. */
export const servingFile = (folder: string, projection: Named): string =>
  generationFile(folder, projection.name, servingOf(folder, projection).serves)

export const generationFile = (folder: string, name: string, generation: number): string =>
  modelFile(folder, { name, version: generation })

/** One that is not there. */
export const nextGeneration = (folder: string, projection: Named): number => {
  const { serves, previous = 0 } = servingOf(folder, projection)
  return Math.max(serves, previous) + 1
}

/** Says what serves from now on: on the disk when it resolves, and either the old or the new after a crash before. */
export const pointTo = async (folder: string, name: string, serving: Serving): Promise<void> => {
  const file = join(folder, POINTERS)
  const fresh = await open(`${file}.new`, 'w', 0o600)
  try {
    await fresh.writeFile(`${JSON.stringify({ ...pointersIn(folder), [name]: serving }, null, 2)}\n`)
    await fresh.sync()
  } finally {
    await fresh.close()
  }
  await rename(`${file}.new`, file)
  const within = await open(folder, 'r')
  try {
    await within.sync()
  } finally {
    await within.close()
  }
}

/** Deletes what a rebuild left that did not come to its end, and what was replaced before the previous one. */
export const removeLeftovers = async (folder: string, projection: Named): Promise<void> => {
  const { serves, previous } = servingOf(folder, projection)
  for (const generation of generationsOf(folder, projection.name, unfinished('')))
    await removeFile(unfinished(generationFile(folder, projection.name, generation)))
  for (const generation of generationsOf(folder, projection.name))
    if (generation !== serves && generation !== previous) await removeGeneration(folder, projection.name, generation)
}

/** Not in this thread: to free a large file takes a while. */
export const removeGeneration = (folder: string, name: string, generation: number): Promise<void> =>
  removeFile(generationFile(folder, name, generation))

const removeFile = async (file: string): Promise<void> => {
  for (const suffix of besides) await rm(`${file}${suffix}`, { force: true })
}

/** @param rest what their files end with after `.db` */
const generationsOf = (folder: string, name: string, rest = ''): number[] =>
  entriesOf(folder)
    .flatMap((entry) => {
      const [, found, generation, suffix] = /^(.+)_v(\d{1,9})\.db(.*)$/.exec(entry) ?? []
      return found === name && suffix === rest ? [Number(generation)] : []
    })
    .toSorted((a, b) => a - b)

const entriesOf = (folder: string): string[] => whenThere(() => readdirSync(folder)) ?? []

const pointersIn = (folder: string): Readonly<Record<string, Serving>> => {
  const text = whenThere(() => readFileSync(join(folder, POINTERS), 'utf8'))
  if (text === undefined) return {}
  try {
    const pointers: unknown = JSON.parse(text)
    if (isPointers(pointers)) return pointers
  } catch {
    // Told below.
  }
  throw new Error(`${join(folder, POINTERS)} is not as it was written: delete it, and the models serve that are there`)
}

const isPointers = (value: unknown): value is Readonly<Record<string, Serving>> =>
  typeof value === 'object' && value !== null && Object.values(value).every(isServing)
const isServing = (value: unknown): value is Serving =>
  typeof value === 'object' &&
  value !== null &&
  'serves' in value &&
  isGeneration(value.serves) &&
  (!('previous' in value) || isGeneration(value.previous))
const isGeneration = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0

const whenThere = <T>(read: () => T): T | undefined => {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
