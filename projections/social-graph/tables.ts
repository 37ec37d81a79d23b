// Nothing refers to another table: people, pairs and conversations are different streams, and one of them may be
// parked while the others go on. Who is not known yet is shown as somebody without a name.
export const socialGraphTables = `
  CREATE TABLE people (
    user   TEXT PRIMARY KEY,
    handle TEXT,
    name   TEXT,
    about  TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE requests (
    "from" TEXT NOT NULL,
    "to"   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY ("from", "to")
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX requests_to ON requests ("to", at, "from");
  CREATE TABLE friends (
    user   TEXT NOT NULL,
    friend TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (user, friend)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE blocks (
    "from" TEXT NOT NULL,
    "to"   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY ("from", "to")
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE conversations (
    conversation TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    name         TEXT,
    history      TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE members (
    conversation TEXT NOT NULL,
    user         TEXT NOT NULL,
    role         TEXT NOT NULL,
    joined       INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    PRIMARY KEY (conversation, user)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE preferences (
    user         TEXT PRIMARY KEY,
    hidePresence INTEGER NOT NULL DEFAULT 0,
    contact      TEXT NOT NULL DEFAULT 'everyone',
    doNotDisturb INTEGER NOT NULL DEFAULT 0,
    hideContent  INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  -- NULL: never set.
  CREATE TABLE conversation_preferences (
    user         TEXT NOT NULL,
    conversation TEXT NOT NULL,
    level        TEXT,
    mutedUntil   TEXT,
    pinned       INTEGER,
    archived     INTEGER,
    markedUnread INTEGER,
    PRIMARY KEY (user, conversation)
  ) STRICT, WITHOUT ROWID;
`
