/**
 * Ids of conversations and people stand once, everything else names them by an integer; a message is its conversation
 * and revision. The one index besides the keys that a message pays for is the one by its id, whose entries lie in the
 * order of time as its rows do.
 */
export const schema = `
  CREATE TABLE conversations (
    key      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    kind     TEXT,
    name     TEXT,
    history  TEXT,
    revision INTEGER NOT NULL DEFAULT -1,
    n        INTEGER NOT NULL DEFAULT 0,
    last     INTEGER,
    activity INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE people (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE members (
    conversation INTEGER NOT NULL,
    person       INTEGER NOT NULL,
    joined       INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    PRIMARY KEY (conversation, person)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_person ON members (person);
  CREATE TABLE messages (
    conversation INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    id           TEXT NOT NULL,
    sender       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    body         TEXT,
    edited       INTEGER,
    deletedBy    INTEGER,
    deletedAt    INTEGER,
    PRIMARY KEY (conversation, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX messages_by_id ON messages (conversation, id);
  CREATE TABLE edits (
    conversation INTEGER NOT NULL,
    message      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    body         TEXT,
    PRIMARY KEY (conversation, message, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reactions (
    conversation INTEGER NOT NULL,
    message      INTEGER NOT NULL,
    emoji        TEXT NOT NULL,
    person       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (conversation, message, emoji, person)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE pins (
    conversation INTEGER NOT NULL,
    message      INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    PRIMARY KEY (conversation, message)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE notices (
    conversation INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    type         TEXT NOT NULL,
    actor        INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    data         TEXT NOT NULL,
    PRIMARY KEY (conversation, revision)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE marks (
    conversation INTEGER NOT NULL,
    person       INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    n            INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (conversation, person)
  ) STRICT, WITHOUT ROWID;
`

const rows = (columns: string, table: string, order: string): string =>
  `SELECT c.id, ${columns} FROM ${table} AS t JOIN conversations AS c ON c.key = t.conversation ORDER BY c.id, ${order}`
const person = (column: string): string => `(SELECT id FROM people WHERE key = t.${column})`

/** The whole model by the ids of the log, in an order of its own: equal models give equal rows, see `exportRows`. */
export const exportQueries = {
  conversation: 'SELECT id, kind, name, history, revision, n, last, activity FROM conversations ORDER BY id',
  member: rows(`${person('person')} AS user, t.joined, t.n`, 'members', 'user'),
  message: rows(
    `t.revision, t.id, ${person('sender')}, t.at, t.body, t.edited, ${person('deletedBy')}, t.deletedAt`,
    'messages',
    't.revision',
  ),
  edit: rows('t.message, t.revision, t.at, t.body', 'edits', 't.message, t.revision'),
  reaction: rows(`t.message, t.emoji, ${person('person')}, t.revision, t.since`, 'reactions', 't.message, t.revision'),
  pin: rows('t.message, t.revision', 'pins', 't.revision'),
  notice: rows(`t.revision, t.type, ${person('actor')}, t.at, t.data`, 'notices', 't.revision'),
  mark: rows(`${person('person')} AS user, t.revision, t.n, t.at`, 'marks', 'user'),
}
