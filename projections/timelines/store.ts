import {
  type Db,
  type Manner,
  type ModelStore,
  modelFile,
  type SqliteWriter,
  sqliteStore,
} from '@verbatim/projections/projector'
import type { StoredBody } from '@verbatim/protocol'
import { Gathered } from './gathered.ts'
import { Keys } from './keys.ts'
import { statements } from './statements.ts'
import { schema } from './tables.ts'
import { type TimelineWrite, timelines } from './timelines.ts'

/** File of the model in the data folder. */
export const timelinesFile = (folder: string): string => modelFile(folder, timelines)

/** Timelines in a SQLite file, opened for writing. */
export const timelinesStore = (file: string | Db, manner?: Manner): ModelStore<TimelineWrite> =>
  sqliteStore(file, { schema, writer, version: timelines.version }, manner)

const writer = (db: Db): SqliteWriter<TimelineWrite> => {
  const sql = statements(db)
  const conversations = new Keys(db, 'conversations')
  const people = new Keys(db, 'people')
  const gathered = new Gathered(db)

  const putMessage = (write: TimelineWrite & { put: 'message' }, c: number): void => {
    const { message, revision, at, n, activity } = write
    const sender = people.of(write.sender)
    sql.message.run(c, revision, message, sender, at, jsonOf(write.body))
    gathered.head(c, { revision, n, last: revision, activity })
    // Who writes has read what stands above.
    gathered.mark(c, sender, { revision, n, at })
  }

  const put = (write: TimelineWrite, c: number): unknown => {
    switch (write.put) {
      case 'message':
        return putMessage(write, c)
      case 'head':
        return gathered.head(c, write)
      case 'read':
        return gathered.mark(c, people.of(write.user), write)
      case 'started':
        return sql.started.run(write.kind, write.name, write.history, c)
      case 'named':
        return sql.named.run(write.name, c)
      case 'joined':
        return sql.joined.run(c, people.of(write.user), write.revision, write.n)
      case 'gone':
        return sql.gone.run(c, people.of(write.user))
      case 'notice':
        return sql.notice.run(c, write.revision, write.type, people.of(write.actor), write.at, write.data)
      case 'edited':
        sql.keepEdit.run(write.revision, c, write.message)
        return sql.edited.run(jsonOf(write.body), write.at, c, write.message)
      case 'deleted':
        return sql.deleted.run(people.of(write.by), write.at, c, write.message)
      case 'restored':
        return sql.restored.run(jsonOf(write.body), c, write.message)
      case 'reacted':
        return sql.reacted.run({
          c,
          message: write.message,
          emoji: write.emoji,
          person: people.of(write.user),
          revision: write.revision,
        })
      case 'unreacted':
        return sql.unreacted.run(c, c, write.message, write.emoji, people.of(write.user))
      case 'pinned':
        return sql.pinned.run(write.revision, c, write.message)
      case 'unpinned':
        return sql.unpinned.run(c, c, write.message)
    }
  }

  return {
    write(write) {
      put(write, conversations.of(write.conversation))
    },
    flush: () => gathered.flush(),
    forget() {
      gathered.forget()
      conversations.forget()
      people.forget()
    },
  }
}

const jsonOf = (body: StoredBody): string | null => (body === null ? null : JSON.stringify(body))
