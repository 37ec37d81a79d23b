import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import {
  type ConversationId,
  conversationStream,
  type EventId,
  type EventType,
  eventSchemas,
  type StreamName,
} from '@verbatim/protocol'
import { ada, adasSession, hello, noon, tea } from '@verbatim/protocol/examples'
import { CorruptEvent, type Position, type Recorded, UpgradeNeeded } from '@verbatim/services/event-log'
import { onTestFinished } from 'vitest'
import { type SqliteModel, sqliteStore } from './adapters/sqlite-store.ts'
import { feedOf, type ProjectedLog } from './feed.ts'
import { ignored, type ModelStore, type Progress, type Projection } from './port.ts'
import { projector } from './projector.ts'

/** A log that is written by hand, and may be unreadable at a position. */
export const handLog = (id = 'one') => {
  const events: Recorded[] = []
  const heads = new Map<StreamName, number>()
  const waiting = new Set<() => void>()
  const unreadable = new Map<Position, Error>()
  let readings = 0
  const after = (position: Position, limit: number): Recorded[] => {
    const found = events.filter((event) => event.position > position).slice(0, limit)
    for (const event of found) {
      const error = unreadable.get(event.position)
      if (error) throw error
    }
    return found
  }
  const log: ProjectedLog = {
    log: id,
    head: async () => events.length,
    readAll: async (position, limit) => {
      readings++
      return after(position, limit)
    },
    follow(position, onBatch) {
      let stop = (): void => {}
      const ended = new Promise<void>((resolve, reject) => {
        const look = (): void => {
          try {
            const found = after(position, 1_000)
            if (found.length > 0) void onBatch(found)
          } catch (error) {
            reject(error)
          }
        }
        waiting.add(look)
        stop = () => {
          waiting.delete(look)
          resolve()
        }
        queueMicrotask(look)
      })
      return { ended, close: async () => stop() }
    },
  }
  /** Says something in a conversation. */
  const say = (text: string, conversation: ConversationId = tea, change: Partial<Recorded> = {}): Recorded => {
    const stream = conversationStream(conversation)
    const revision = (heads.get(stream) ?? -1) + 1
    const position = events.length + 1
    heads.set(stream, revision)
    const event: Recorded = {
      id: `00000000-0000-5000-8000-${String(position).padStart(12, '0')}` as EventId,
      type: 'MessageSent',
      schema: 1,
      actor: ada,
      session: adasSession,
      command: hello,
      digest: '',
      at: noon,
      json: JSON.stringify({ message: hello, n: revision + 1, body: { text } }),
      stream,
      revision,
      position,
      ...change,
    }
    events.push(event)
    for (const look of waiting) look()
    return event
  }
  return {
    log,
    say,
    readings: () => readings,
    head: () => events.length,
    corrupt: (position: Position) => unreadable.set(position, new CorruptEvent(position, '?', 'a flipped bit')),
    later: (position: Position) => unreadable.set(position, new UpgradeNeeded(position, 'MessageSung', 1)),
    mend: () => unreadable.clear(),
  }
}

type Said = { readonly stream: StreamName; readonly revision: number; readonly text: string }

const nothing = Object.fromEntries(Object.keys(eventSchemas).map((type) => [type, ignored])) as {
  [T in EventType]: typeof ignored
}
/** What was said, a row each. `check` may refuse a text. */
export const said = (check: (text: string) => void = () => {}, name = 'said'): Projection<Said> => ({
  name,
  version: 1,
  on: {
    ...nothing,
    MessageSent: ({ data, stream, revision }) => {
      const text = data.body?.text ?? ''
      check(text)
      return [{ stream, revision, text }]
    },
  },
})

const model: SqliteModel<Said> = {
  schema: 'CREATE TABLE said (stream TEXT NOT NULL, revision INTEGER NOT NULL, text TEXT NOT NULL UNIQUE) STRICT',
  writer(db) {
    const put = db.prepare('INSERT INTO said (stream, revision, text) VALUES (?, ?, ?)')
    return { write: ({ stream, revision, text }) => put.run(stream, revision, text) }
  },
}
export const saidStore = (file: Parameters<typeof sqliteStore>[0]): ModelStore<Said> => sqliteStore(file, model)
export const freshFile = (): string => {
  const fresh = mkdtempSync(join(tmpdir(), 'projector-'))
  onTestFinished(() => rmSync(fresh, { recursive: true, force: true }))
  return join(fresh, 'said_v1.db')
}

/** A projector that runs, and what it told. */
export const running = (options: { log: ProjectedLog; store: ModelStore<Said>; projection?: Projection<Said> }) => {
  const told: Progress[] = []
  const pauses: number[] = []
  const feed = feedOf(options.log)
  const projecting = projector({
    projection: options.projection ?? said(),
    store: options.store,
    feed,
    onProgress: (progress) => told.push(progress),
    pause: async (milliseconds) => {
      pauses.push(milliseconds)
      await setImmediate()
    },
  })
  const until = async (is: (progress: Progress) => boolean): Promise<Progress> => {
    for (let turns = 0; turns < 2_000; turns++) {
      const last = told.at(-1)
      if (last && is(last)) return last
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    throw new Error(`it came to ${JSON.stringify(told.at(-1))}`)
  }
  return {
    projecting,
    told,
    pauses,
    until,
    /** Live, with everything up to `position` in the model. */
    reached: (position: Position) => until((last) => last.state === 'live' && last.position >= position),
    async close() {
      await projecting.close()
      await feed.close()
    },
  }
}
