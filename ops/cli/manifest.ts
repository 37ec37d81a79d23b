import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { exits, Failure } from './failure.ts'

/** Written last: a folder with a manifest is a whole backup. */
export const MANIFEST = 'manifest.json'
/** Files that a backup may hold; the log and the identities it must. */
export const BACKED_UP = ['log.db', 'identity.db', 'acts.jsonl'] as const

const manifest = z.object({
  /** Of this page; a later one may need a later Verbatim. */
  format: z.literal(1),
  verbatim: z.string(),
  node: z.string(),
  sqlite: z.string(),
  at: z.iso.datetime(),
  /** Id of the log, and the position of its last event. */
  log: z.string(),
  head: z.int().nonnegative(),
  /** The names are these and no path: a manifest from elsewhere must not lead out of its folder. */
  files: z.array(z.object({ name: z.enum(BACKED_UP), bytes: z.int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof manifest>
export type BackedUp = Manifest['files'][number]

/** @throws Failure when the folder is no whole backup, or one of a later version */
export const readManifest = (folder: string): Manifest => {
  const file = join(folder, MANIFEST)
  if (!existsSync(file))
    throw new Failure(`${folder} is no backup, or one that did not finish: it has no ${MANIFEST}`, exits.missing)
  const read = manifest.safeParse(jsonOf(readFileSync(file, 'utf8')))
  if (!read.success)
    throw new Failure(`${file} is not what this version of Verbatim writes: ${z.prettifyError(read.error)}`)
  for (const name of ['log.db', 'identity.db'])
    if (!read.data.files.some((one) => one.name === name)) throw new Failure(`${file} does not name ${name}`)
  return read.data
}

/**
 * SHA-256 of a file, in hexadecimal.
 * @param onBytes hears of each piece
 */
export const sha256Of = async (file: string, onBytes: (bytes: number) => void = () => undefined): Promise<string> => {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    hash.update(piece)
    onBytes(piece.length)
  }
  return hash.digest('hex')
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
