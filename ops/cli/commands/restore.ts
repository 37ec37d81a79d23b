import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { renameLog } from '@verbatim/services/event-log'
import { unconfirmUnknown } from '@verbatim/services/identity'
import { RESTORING } from '../../embedded/half-restored.ts'
import { noteAct } from '../../embedded/journal.ts'
import { syncFile } from '../adapters/sqlite.ts'
import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { exits, Failure } from '../failure.ts'
import { type Manifest, readManifest, sha256Of } from '../manifest.ts'
import { locked } from '../server.ts'
import { counted, many, timeOf } from '../text.ts'
import { accountsOf } from '../verify/identity.ts'

/** `verbatim restore`: a data folder from a backup. */
export const restore: Adds = (program, cli) => {
  addCommand(
    program,
    'restore',
    'Makes a data folder from a backup, into an empty folder only; the log gets another id, so clients begin afresh',
    'restore /backups/2026-11-25 --to ./data',
  )
    .argument('<source>', 'a folder that `verbatim backup` made')
    .option('--to <folder>', 'an empty folder, or one that is not there yet; without it, the one that DATA names')
    .action(async (source: string, options: Options & { to?: string }) => {
      const to = options.to ?? cli.folder
      const made = await restored(cli, { source, to, quiet: options.json === true })
      tell(cli, options, { to: resolve(to), ...made }, () => [
        `restored ${counted(made.head)} positions of ${timeOf(Date.parse(made.at))} into ${to}`,
        `log ${made.log}, which was ${made.was}`,
        ...(made.unconfirmed === 0
          ? []
          : [`${many(made.unconfirmed, 'account')} registered after the backup’s moment can be registered again`]),
      ])
    })
}

type Restored = Pick<Manifest, 'at' | 'head' | 'log'> & { readonly was: string; readonly unconfirmed: number }
type Order = { readonly source: string; readonly to: string; readonly quiet: boolean }

const restored = async (cli: Cli, { source, to, quiet }: Order): Promise<Restored> => {
  const manifest = readManifest(source)
  await assertUnchanged(cli, { source, manifest, quiet })
  assertEmpty(to)
  const lock = locked(to)
  const aside = join(to, RESTORING)
  try {
    // Once more, now that nobody else can come.
    assertEmpty(to)
    mkdirSync(aside, { mode: 0o700 })
    for (const { name } of manifest.files) {
      copyFileSync(join(source, name), join(aside, name))
      chmodSync(join(aside, name), 0o600)
    }
    const known = accountsOf(join(aside, 'log.db'))
    const unconfirmed = unconfirmUnknown(join(aside, 'identity.db'), (user) => known.has(user))
    const log = renameLog(join(aside, 'log.db'), randomUUID)
    moveUp(aside, to, manifest)
    await noteAct(to, { act: 'restore', from: resolve(source), log, was: manifest.log }, cli.now)
    return { at: manifest.at, head: manifest.head, log, was: manifest.log, unconfirmed }
  } catch (error) {
    rmSync(aside, { recursive: true, force: true })
    throw error
  } finally {
    lock.release()
  }
}

const assertUnchanged = async (
  cli: Cli,
  { source, manifest, quiet }: { source: string; manifest: Manifest; quiet: boolean },
): Promise<void> => {
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0)
  const progress = cli.progress('hashes', 'bytes', quiet)
  let done = 0
  for (const { name, sha256 } of manifest.files) {
    const file = join(source, name)
    if (!existsSync(file)) throw new Failure(`the backup lacks ${name}`, exits.missing)
    const now = await sha256Of(file, (bytes) => {
      done += bytes
      progress.at(done, total)
    })
    if (now !== sha256)
      throw new Failure(`${file} is not as it was backed up: its SHA-256 is ${now}, the manifest says ${sha256}`)
  }
  progress.done()
}

const assertEmpty = (folder: string): void => {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('lock')) : []
  if (there.length > 0)
    throw new Failure(
      `${folder} is not empty (${there.slice(0, 3).join(', ')}): restore into another folder, or move it away first`,
    )
}

/** The log last: until it is there, what is beside it tells a server that this is half a restore. */
const moveUp = (aside: string, to: string, { files }: Manifest): void => {
  const names = files.map(({ name }) => name).sort((one) => (one === 'log.db' ? 1 : -1))
  for (const name of names) {
    syncFile(join(aside, name))
    renameSync(join(aside, name), join(to, name))
  }
  syncFile(to)
  rmSync(aside, { recursive: true })
  syncFile(to)
}
