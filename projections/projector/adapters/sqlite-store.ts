import { asStreamName } from '@verbatim/protocol'
import { type ModelStore, type Parked, type Place, type Step, StoreUnavailable } from '../port.ts'
import { type Db, isSqliteError, type Manner, openForWriting } from './sqlite-file.ts'

/** What one projection adds to the shared part of a SQLite store: its tables and how its writes fill them. */
export type SqliteModel<Write> = {
  /** SQL that makes the tables. When it changes, the model is made anew. */
  readonly schema: string
  /** Of the projection; kept in the model, see `modelVersion`. */
  readonly version?: number
  /** Called once the tables are there; prepares the statements. */
  writer(db: Db): SqliteWriter<Write>
}
export interface SqliteWriter<Write> {
  /** Within a transaction, in the order of the log. What it throws is the fault of the event. */
  write(write: Write): void
  /** Ends the transaction: writes what was gathered over the batch. */
  flush?(): void
  /** The transaction did not happen: forgets what was gathered or remembered during it. */
  forget?(): void
}

/**
 * A model in one SQLite file, which this opens for writing. Only one process may write it.
 * @param file or a database that is open already
 */
export const sqliteStore = <Write>(
  file: string | Db,
  model: SqliteModel<Write>,
  manner: Manner = 'serving',
): ModelStore<Write> => {
  const db = typeof file === 'string' ? openForWriting(file, manner) : file
  const transaction = <T>(work: () => T): T => db.transaction(work).immediate()

  transaction(() => {
    db.exec(SHARED)
    const made = db.prepare("SELECT value FROM meta WHERE key = 'schema'").pluck().get()
    if (made === undefined || (made !== model.schema && manner !== 'older')) remake(db, model)
  })
  const writer = model.writer(db)
  const meta = db.prepare<[string], { value: string | number }>('SELECT value FROM meta WHERE key = ?')
  const setMeta = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const park = db.prepare(
    `INSERT INTO parked (position, stream, revision, reason) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET reason = coalesce(excluded.reason, reason)`,
  )
  const unpark = db.prepare('DELETE FROM parked WHERE position = ?')
  const parkedFirst = db.prepare<[], Parked>(
    `SELECT stream, revision, min(position) AS position, coalesce(reason, '') AS reason, count(*) - 1 AS waiting
     FROM parked GROUP BY stream ORDER BY min(position)`,
  )
  const parkedOf = db.prepare<[string], Place>(
    'SELECT stream, revision, position FROM parked WHERE stream = ? ORDER BY position',
  )
  const reached = (): number => Number(meta.get('position')?.value ?? 0)

  const settle = (step: Step<Write>): void => {
    const { position, stream, revision } = step.event
    if ('parked' in step) park.run(position, stream, revision, step.parked)
    else for (const write of step.writes) writer.write(write)
  }
  /** One transaction, after which nothing gathered is left over, whether it happened or not. */
  const atomic = async (work: () => void): Promise<void> => {
    try {
      transaction(() => {
        work()
        writer.flush?.()
      })
    } catch (error) {
      writer.forget?.()
      throw blamed(error)
    }
  }

  return {
    async progress() {
      const log = meta.get('log')?.value
      return { position: reached(), log: log === undefined ? undefined : String(log) }
    },
    apply: (steps, log) =>
      atomic(() => {
        let position = reached()
        for (const step of steps) {
          if (step.event.position <= position) continue
          settle(step)
          position = step.event.position
        }
        setMeta.run('position', position)
        setMeta.run('log', log)
      }),
    parked: async () => parkedFirst.all(),
    parkedEvents: async (stream) =>
      parkedOf.all(stream).map((place) => ({ ...place, stream: asStreamName(place.stream) })),
    settle: (steps) =>
      atomic(() => {
        for (const step of steps)
          if ('parked' in step) settle(step)
          else if (unpark.run(step.event.position).changes === 1) settle(step)
      }),
    clear: () =>
      atomic(() => {
        writer.forget?.()
        remake(db, model)
      }),
    async close() {
      db.close()
    },
  }
}

/** In the same file, so that whoever reads it need not open it again. */
const remake = <Write>(db: Db, { schema, version = 1 }: SqliteModel<Write>): void => {
  const named = db.prepare<[string], { name: string }>(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ?
     AND name NOT LIKE 'sqlite_%' AND name NOT IN ('meta', 'parked')`,
  )
  // A virtual table takes its shadow tables with it.
  for (const type of ['virtual', 'table']) for (const { name } of named.all(type)) db.exec(`DROP TABLE "${name}"`)
  db.exec('DELETE FROM meta; DELETE FROM parked')
  db.exec(schema)
  db.prepare("INSERT INTO meta (key, value) VALUES ('schema', ?), ('version', ?)").run(schema, version)
}

/** What the file or the disk is to blame for will pass; the rest is the event's fault. */
const blamed = (error: unknown): unknown => {
  if (!isSqliteError(error)) return error
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)/.test(error.code)
    ? error
    : new StoreUnavailable(`${error.code}: ${error.message}`, { cause: error })
}

const SHARED = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parked (
    position INTEGER PRIMARY KEY,
    stream   TEXT NOT NULL,
    revision INTEGER NOT NULL,
    reason   TEXT
  ) STRICT;
`
