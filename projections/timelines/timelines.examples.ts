import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { model, openModelReader, type ProjectedLog, runProjections } from '@verbatim/projections/projector'
import {
  type ConversationId,
  conversationStream,
  type DataOf,
  type EventId,
  type EventType,
  type History,
  type MessageId,
  readingStream,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'
import { ada, adasSession, bob, cleo, hello, idAt, noon, tea } from '@verbatim/protocol/examples'
import type { EventLog, Recorded } from '@verbatim/services/event-log'
import { onTestFinished } from 'vitest'
import type { Timelines } from './port.ts'
import { sqliteTimelines } from './queries.ts'
import { timelinesFile, timelinesStore } from './store.ts'
import { timelines } from './timelines.ts'

/** In memory where there is such a folder: hundreds of models are made here, and none has to outlive the power. */
const folder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
/** A file for a model, which goes with the test. */
export const freshFile = (): string => {
  const fresh = mkdtempSync(join(folder, 'timelines-'))
  onTestFinished(() => rmSync(fresh, { recursive: true, force: true }))
  return timelinesFile(fresh)
}
export const m = (n: number): MessageId => idAt(1_000 + n)
/** Each event happens a second after the one before. */
export const timeOf = (position: number): string => new Date(noon + position * 1_000).toISOString()

/** A log in memory, written as events happen. */
export const chronicle = () => {
  const events: Recorded[] = []
  const heads = new Map<StreamName, number>()
  const waiting = new Set<() => void>()
  const record = <T extends EventType>(stream: StreamName, type: T, data: DataOf<T>, actor: UserId): Recorded => {
    const revision = (heads.get(stream) ?? -1) + 1
    const position = events.length + 1
    heads.set(stream, revision)
    const id = `00000000-0000-5000-8000-${String(position).padStart(12, '0')}` as EventId
    const by = { actor, session: adasSession, command: hello, digest: '' }
    const place = { stream, revision, position }
    const event = { id, type, schema: 1, ...by, at: noon + position * 1_000, json: JSON.stringify(data), ...place }
    events.push(event)
    for (const look of waiting) look()
    return event
  }
  const log: ProjectedLog & Pick<EventLog, 'read'> = {
    log: 'chronicle',
    head: async () => events.length,
    read: async (stream, from, limit) =>
      events.filter((event) => event.stream === stream && event.revision >= from).slice(0, limit),
    readAll: async (after, limit) => events.slice(after, after + limit),
    follow(after, onBatch) {
      const look = (): void => {
        if (events.length > after) void onBatch(events.slice(after))
      }
      waiting.add(look)
      queueMicrotask(look)
      return { ended: new Promise(() => {}), close: async () => void waiting.delete(look) }
    },
  }
  return { events, log, record }
}

/** What may happen in a conversation, by whoever does it. Messages are `m(1)`, `m(2)` … */
export const happenings = (record: ReturnType<typeof chronicle>['record'], conversation: ConversationId = tea) => {
  const stream = conversationStream(conversation)
  let n = 0
  return {
    opened: () => record(stream, 'DirectOpened', { conversation, members: [ada, bob] }, ada),
    started: (members: UserId[] = [ada, bob, cleo], history: History = 'whole') =>
      record(stream, 'GroupStarted', { conversation, name: 'Tea', members, history }, ada),
    renamed: (name: string | null) => record(stream, 'GroupRenamed', { name }, ada),
    added: (user: UserId) => record(stream, 'MemberAdded', { user, n }, ada),
    removed: (user: UserId) => record(stream, 'MemberRemoved', { user }, ada),
    left: (user: UserId) => record(stream, 'MemberLeft', { user }, user),
    sent: (text: string | null, by = ada, replyTo?: MessageId) => {
      n++
      const body = text === null ? null : { text, ...(replyTo && { replyTo }) }
      return record(stream, 'MessageSent', { message: m(n), n, body }, by)
    },
    edited: (message: MessageId, text: string, by = ada) =>
      record(stream, 'MessageEdited', { message, body: { text } }, by),
    deleted: (message: MessageId, by = ada) => record(stream, 'MessageDeleted', { message }, by),
    restored: (message: MessageId, text: string, by = ada) =>
      record(stream, 'MessageRestored', { message, body: { text } }, by),
    reacted: (message: MessageId, emoji: string, by = ada) => record(stream, 'ReactionAdded', { message, emoji }, by),
    unreacted: (message: MessageId, emoji: string, by = ada) =>
      record(stream, 'ReactionRemoved', { message, emoji }, by),
    pinned: (message: MessageId) => record(stream, 'MessagePinned', { message }, ada),
    unpinned: (message: MessageId) => record(stream, 'MessageUnpinned', { message }, ada),
    read: (user: UserId, revision: number, ordinal: number) =>
      record(readingStream(conversation, user), 'ReadUpTo', { conversation, user, revision, n: ordinal }, user),
  }
}

/** The model of a chronicle as it is written, and its reader. `table` may be a projection that fails. */
export const reading = async (log: ProjectedLog & Pick<EventLog, 'read'>, table = timelines) => {
  const file = freshFile()
  let position = -1
  const run = runProjections({
    models: [model(table, timelinesStore(file))],
    log,
    onProgress: (progress) => {
      position = progress.position
    },
    pause: () => setImmediate(),
  })
  const reader = await openModelReader(file)
  const queries: Timelines = sqliteTimelines({ model: reader, log })
  const reached = async (): Promise<void> => {
    const head = await log.head()
    while (position < head) await setImmediate()
  }
  await reached()
  return {
    ...queries,
    file,
    reader,
    reached,
    async close() {
      await run.close()
      reader.close()
    },
  }
}

/** Tells what happens, and asks about it. */
export const tale = (conversation: ConversationId = tea) => {
  const written = chronicle()
  return { ...written, ...happenings(written.record, conversation), asked: () => reading(written.log) }
}
