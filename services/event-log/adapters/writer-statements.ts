import type Database from 'better-sqlite3'

export type WriterStatements = ReturnType<typeof writerStatements>

export const writerStatements = (db: Database.Database) => ({
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  rollback: db.prepare('ROLLBACK'),

  insert: db.prepare("INSERT INTO events VALUES (?, ?, ?, unhex(?, '-'), ?, ?, ?, ?, ?, unhex(?, '-'), ?, ?, ?, ?, ?)"),
  undo: db.prepare<[number]>('DELETE FROM events WHERE position >= ?'),
  lastWas: db.prepare<[number]>("UPDATE sqlite_sequence SET seq = ? WHERE name = 'events'"),
  drop: db.prepare<[number, number]>('DELETE FROM events WHERE position BETWEEN ? AND ?'),
  lastPosition: db.prepare<[], number>("SELECT seq FROM sqlite_sequence WHERE name = 'events'").pluck(),

  stream: db.prepare<[string], number>('SELECT stream FROM streams WHERE name = ?').pluck(),
  begun: db.prepare<[string]>('INSERT INTO streams (name) VALUES (?)'),
  lastFiled: db
    .prepare<[number], [revision: number, position: number]>(
      'SELECT revision, position FROM revisions WHERE stream = ? ORDER BY revision DESC LIMIT 1',
    )
    .raw(),
  greatestFiled: db.prepare<[number], string | null>('SELECT max(command) FROM commands WHERE stream = ?').pluck(),
  hasFiled: db
    .prepare<[number, string, string], number>(
      `SELECT 1 FROM commands c JOIN events e ON e.position = c.position
       WHERE c.stream = ? AND c.command = ? AND e.id = unhex(?, '-')`,
    )
    .pluck(),

  filed: db.prepare<[], number>('SELECT position FROM filed').pluck(),
  unfiled: db
    .prepare<[number], [position: number, stream: number, revision: number, command: string, id: string, name: string]>(
      `SELECT position, stream, revision, command, lower(hex(id)), name FROM events JOIN streams USING (stream)
       WHERE position > ? ORDER BY position`,
    )
    .raw(),
  hasUnfiled: db
    .prepare<[number, number, string], number>(
      "SELECT 1 FROM events WHERE position > ? AND stream = ? AND id = unhex(?, '-')",
    )
    .pluck(),
  // Sorted, so that each page is written once.
  fileRevisions: db.prepare<[number]>(
    'INSERT OR IGNORE INTO revisions SELECT stream, revision, position FROM events WHERE position > ? ORDER BY stream, revision',
  ),
  fileCommands: db.prepare<[number]>(
    'INSERT OR IGNORE INTO commands SELECT stream, command, position FROM events WHERE position > ? ORDER BY stream, command',
  ),
  unfileRevisions: db.prepare<[number, number]>('DELETE FROM revisions WHERE stream = ? AND revision < ?'),
  unfileCommands: db.prepare<[number, number]>('DELETE FROM commands WHERE stream = ? AND position < ?'),
  file: db.prepare<[number]>('UPDATE filed SET position = ?'),
})
