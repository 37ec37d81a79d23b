import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkLog, openLogReader } from '@verbatim/services/event-log'
import { JOURNAL } from '../../embedded/journal.ts'
import { version } from '../../package.json'
import { copyDatabase, sqliteVersion, syncFile } from '../adapters/sqlite.ts'
import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { exits, Failure } from '../failure.ts'
import { existingLog, identityFile } from '../files.ts'
import { type BackedUp, MANIFEST, type Manifest, sha256Of } from '../manifest.ts'
import { counted, sizeOf } from '../text.ts'

/** `verbatim backup`: log and identities as they are now, beside a server that goes on. */
export const backup: Adds = (program, cli) => {
  addCommand(
    program,
    'backup',
    'Copies log and identities into an empty folder while the server goes on; models are built again',
    'backup /backups/2026-11-25',
  )
    .argument('<target>', 'an empty folder, or one that is not there yet')
    .option('--no-check', 'does not check the events of the copy')
    .action(async (target: string, options: Options & { check: boolean }) => {
      const began = performance.now()
      const made = await backedUp(cli, target, options)
      const seconds = Math.max(1, Math.round((performance.now() - began) / 100)) / 10
      const bytes = made.files.reduce((sum, file) => sum + file.bytes, 0)
      tell(cli, options, { target: resolve(target), seconds, ...made }, () => [
        `backed up ${counted(made.head)} positions, ${sizeOf(bytes)}, into ${target} in ${seconds} s`,
        `log ${made.log}`,
      ])
    })
}

const backedUp = async (cli: Cli, target: string, { check, json }: Options & { check: boolean }): Promise<Manifest> => {
  const log = existingLog(cli.folder)
  const identities = identityFile(cli.folder)
  if (!existsSync(identities)) throw new Failure(`there is no identity.db in ${cli.folder}`, exits.missing)
  mkdirSync(target, { recursive: true, mode: 0o700 })
  if (readdirSync(target).length > 0) throw new Failure(`${target} is not empty: name another folder`)

  // The log first. Whoever is in it had his row among the identities before, so no account is without one. Those who
  // register in between are only among the identities, which a restore turns back into reservations.
  const progress = cli.progress('backup', 'bytes', json)
  await copyDatabase(log, join(target, 'log.db'), (done, total) => progress.at(done, total))
  progress.done()
  await copyDatabase(identities, join(target, 'identity.db'))
  const names: BackedUp['name'][] = ['log.db', 'identity.db']
  if (existsSync(join(cli.folder, JOURNAL))) {
    copyFileSync(join(cli.folder, JOURNAL), join(target, JOURNAL))
    names.push(JOURNAL)
  }
  if (check) await assertSound(cli, join(target, 'log.db'), json === true)
  const files = await Promise.all(names.map((name) => fileOf(target, name)))
  const made = { ...about(cli.now()), ...logOf(join(target, 'log.db')), files }
  writeWhole(join(target, MANIFEST), `${JSON.stringify(made, null, 2)}\n`)
  for (const name of names) syncFile(join(target, name))
  syncFile(target)
  return made
}

/** A log that is broken must not push sound backups out: it is told now, not on the day of the restore. */
const assertSound = async (cli: Cli, log: string, quiet: boolean): Promise<void> => {
  const progress = cli.progress('check', 'events', quiet)
  const { faults } = await checkLog(log, (done, head) => progress.at(done, head))
  progress.done()
  const [first] = faults
  if (first)
    throw new Failure(
      `the log has faults, the first at ${first.position} (${first.reason}): see verbatim verify; --no-check copies it as it is`,
    )
}

const about = (at: number) => ({
  format: 1 as const,
  verbatim: version,
  node: process.version,
  sqlite: sqliteVersion(),
  at: new Date(at).toISOString(),
})

const logOf = (file: string): { log: string; head: number } => {
  const reader = openLogReader(file)
  const of = { log: reader.log, head: reader.head() }
  reader.close()
  return of
}

const fileOf = async (folder: string, name: BackedUp['name']): Promise<BackedUp> => {
  const file = join(folder, name)
  return { name, bytes: statSync(file).size, sha256: await sha256Of(file) }
}

/** Whole or not at all. */
const writeWhole = (file: string, text: string): void => {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
