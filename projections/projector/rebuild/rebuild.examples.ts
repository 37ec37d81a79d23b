import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type ConversationId, type EventType, eventSchemas, readingStream, type StreamName } from '@verbatim/protocol'
import { ada, tea } from '@verbatim/protocol/examples'
import type { Recorded } from '@verbatim/services/event-log'
import { onTestFinished } from 'vitest'
import { finishModel, type Manner, modelVersion, unfinished } from '../adapters/sqlite-file.ts'
import { type ModelReader, openModelReader } from '../adapters/sqlite-reader.ts'
import { type SqliteModel, sqliteStore } from '../adapters/sqlite-store.ts'
import { exportRows, hashOf } from '../canonical.ts'
import { ignored, type ModelStore, type Progress, type Projection } from '../port.ts'
import { handLog } from '../projector.examples.ts'
import { type Model, model, runProjections } from '../run-projections.ts'
import { compareModels } from './compare.ts'
import { fillModels, type ReadLog } from './fill.ts'
import { servingFile } from './generations.ts'
import type { Filling, Projecting, Reading } from './port.ts'
import type { HeldLog } from './side-by-side.ts'

export const freshFolder = (): string => {
  const fresh = mkdtempSync(join(tmpdir(), 'rebuild-'))
  onTestFinished(() => rmSync(fresh, { recursive: true, force: true }))
  return fresh
}

/**
 * A log in which a stream of read marks keeps its last event alone.
 * @param page how many events it gives at once, after a while: who reads it is behind
 */
export const compactingLog = (page = Number.POSITIVE_INFINITY) => {
  const hand = handLog()
  const written: Recorded[] = []
  const last = new Map<StreamName, number>()
  const kept = (events: readonly Recorded[]): Recorded[] =>
    events.filter(({ stream, position }) => (last.get(stream) ?? position) === position)
  let marks = 0
  return {
    say: (text: string, conversation: ConversationId = tea): void => {
      written.push(hand.say(text, conversation))
    },
    mark(conversation: ConversationId = tea): void {
      const stream = readingStream(conversation, ada)
      last.set(stream, hand.head() + 1)
      written.push(hand.say('', conversation, { stream, type: 'ReadUpTo', revision: marks++, json: '{}' }))
    },
    head: hand.head,
    corrupt: hand.corrupt,
    log: {
      ...hand.log,
      async readAll(after: number, limit: number) {
        if (page < limit) await setImmediate()
        return kept(await hand.log.readAll(after, Number.MAX_SAFE_INTEGER)).slice(0, Math.min(page, limit))
      },
      follow: (after: number, onBatch: (events: readonly Recorded[]) => void | Promise<void>) =>
        hand.log.follow(after, (events) => onBatch(kept(events).slice(0, page))),
    },
    /** As it is now. */
    held: (): HeldLog => {
      const events = kept(written)
      const head = hand.head()
      return {
        ...hand.log,
        head: async () => head,
        readAll: async (after, limit) => events.filter(({ position }) => position > after).slice(0, limit),
        close: () => undefined,
      }
    },
  }
}
export type Log = ReturnType<typeof compactingLog>

type Write =
  | { readonly put: 'text'; readonly stream: StreamName; readonly revision: number; readonly text: string }
  | { readonly put: 'mark'; readonly stream: StreamName; readonly revision: number }

const nothing = Object.fromEntries(Object.keys(eventSchemas).map((type) => [type, ignored])) as {
  [T in EventType]: typeof ignored
}
/** What was said, and how far was read. The second version says it louder, in the same tables. */
export const spoken = (version = 1): Projection<Write> => ({
  name: 'spoken',
  version,
  on: {
    ...nothing,
    MessageSent: ({ data, stream, revision }) => {
      const text = data.body?.text ?? ''
      if (text === 'bad') throw new Error('it is bad')
      return [{ put: 'text', stream, revision, text: version === 1 ? text : text.toUpperCase() }]
    },
    ReadUpTo: ({ stream, revision }) => [{ put: 'mark', stream, revision }],
  },
})

const tables = (version: number): SqliteModel<Write> => ({
  version,
  schema: `-- as of version ${version}
    CREATE TABLE said (stream TEXT NOT NULL, revision INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE TABLE marks (stream TEXT PRIMARY KEY, revision INTEGER NOT NULL) STRICT`,
  writer(db) {
    const say = db.prepare('INSERT INTO said (stream, revision, text) VALUES (?, ?, ?)')
    const mark = db.prepare('INSERT INTO marks VALUES (?, ?) ON CONFLICT DO UPDATE SET revision = excluded.revision')
    return {
      write: (write) =>
        write.put === 'text'
          ? say.run(write.stream, write.revision, write.text)
          : mark.run(write.stream, write.revision),
    }
  },
})
export const spokenStore = (file: string, version = 1, manner?: Manner): ModelStore<Write> =>
  sqliteStore(file, tables(version), manner)
export const spokenExport = {
  said: 'SELECT stream, revision, text FROM said ORDER BY stream, revision',
  mark: 'SELECT stream, revision FROM marks ORDER BY stream',
}

export const contentOf = async (file: string): Promise<{ position: number; hash: string; texts: string[] }> => {
  const reader = await openModelReader(file, 0)
  const texts = reader.db.prepare<[], string>('SELECT text FROM said ORDER BY stream, revision').pluck().all()
  const content = { position: reader.position(), hash: hashOf(exportRows(reader.db, spokenExport)), texts }
  reader.close()
  return content
}

/** A process that projects, reads, and can rebuild, on a folder and a log. */
export const started = async (folder: string, log: Log, version = 1, filledFrom: ReadLog = log.log) => {
  const projection = spoken(version)
  const file = servingFile(folder, projection)
  const made = modelVersion(file) ?? version
  const opened = (at: string, manner?: Manner): Model => model(projection, spokenStore(at, version, manner))
  let last: Progress | undefined
  const told: number[] = []
  const running = runProjections({
    models: [opened(file, made === version ? 'serving' : 'older')],
    log: log.log,
    onProgress: (progress) => {
      last = progress
      told.push(progress.position)
    },
  })
  let reader = await openModelReader(file)
  let next: ModelReader | undefined
  const readers = new Map<string, readonly [ModelReader, ModelReader]>()

  const projecting: Projecting = {
    beside: (name, at) => running.beside(name, opened(at)),
    still: (name) => running.still(name, log.held),
    goOn: async (name) => running.goOn(name),
    takeOver: (name) => running.takeOver(name),
    discard: (name) => running.discard(name),
  }
  const reading: Reading = {
    async prepare(_, at) {
      next = await openModelReader(at)
    },
    async turn() {
      if (!next) throw new Error('nothing was prepared')
      reader.close()
      reader = next
      next = undefined
    },
    async discard() {
      next?.close()
      next = undefined
    },
  }
  const filling: Filling = {
    versionOf: async (at) => modelVersion(at),
    async fill(jobs) {
      await fillModels({
        models: jobs.map((job) => opened(unfinished(job.file), 'filling')),
        log: filledFrom,
        onProgress: () => undefined,
        stopped: new AbortController().signal,
        pause: async () => undefined,
      })
      for (const job of jobs) finishModel(job.file)
    },
    async open(name, serving, filled) {
      readers.set(name, [await openModelReader(serving, 0), await openModelReader(filled, 0)])
    },
    async look(name) {
      for (const one of readers.get(name) ?? []) one.hold()
    },
    async compare(name) {
      const [serving, filled] = readers.get(name) ?? []
      if (!serving || !filled) throw new Error('nothing was opened')
      const found = compareModels(serving, filled, spokenExport)
      serving.close()
      filled.close()
      return found
    },
  }
  return {
    projection,
    parts: { folder, projecting, reading, filling },
    running,
    /** Every position that readers were told, in order. */
    told,
    /** What a reader sees now. */
    read: () => reader.read(() => reader.db.prepare<[], number>('SELECT count(*) FROM said').pluck().get() ?? 0),
    async reached(position = log.head()): Promise<void> {
      for (let turns = 0; turns < 5_000; turns++) {
        if (last?.state === 'live' && last.position >= position) return
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
      throw new Error(`it came to ${JSON.stringify(last)}`)
    },
    async stop(): Promise<void> {
      await running.close()
      reader.close()
    },
  }
}
