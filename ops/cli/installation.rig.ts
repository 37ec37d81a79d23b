import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import {
  accountStream,
  type ConversationId,
  conversationStream,
  type EventId,
  friendshipStream,
  preferencesStream,
  readingStream,
  type StreamName,
} from '@verbatim/protocol'
import {
  accountRegistered,
  ada,
  adaAndBob,
  adasSession,
  bob,
  cleo,
  friendAccepted,
  friendRequested,
  groupStarted,
  idAt,
  memberLeft,
  messageEdited,
  messageSent,
  noon,
  people,
  preferencesSet,
  reactionAdded,
  readUpTo,
  tea,
} from '@verbatim/protocol/examples'
import {
  type LogReads,
  logReads,
  newHeadSignal,
  openLogReader,
  openLogWriter,
  serveLogWriter,
  sqliteEventLog,
} from '@verbatim/services/event-log'
import { openIdentityStore } from '@verbatim/services/identity'
import { callsOver, serveCalls } from '@verbatim/services/threads'
import { knownModels } from '../embedded/models.ts'
import { freshFolder } from './cli.rig.ts'
import { identityFile, logFile } from './files.ts'
import { heldLog, runToEnd } from './trial.ts'

type Said = { readonly type: string; readonly data: unknown }

/** A data folder as a server leaves it: three people, a friendship, a group with forty messages, all models built. */
export const installation = async (): Promise<string> => {
  const folder = freshFolder()
  await withLog(folder, async (append) => {
    for (const user of [ada, bob, cleo]) {
      const { handle, name } = Object.values(people).find(({ id }) => id === user) ?? people.ada
      await append(accountStream(user), [accountRegistered({ user, handle, name })])
    }
    await append(friendshipStream(adaAndBob), [friendRequested(), friendAccepted()])
    await append(conversationStream(tea), [groupStarted()])
    for (let n = 1; n <= 40; n++)
      await append(conversationStream(tea), [messageSent({ message: idAt(30 + n), n, body: { text: `word ${n}` } })])
    await append(conversationStream(tea), [
      messageEdited({ message: idAt(31), body: { text: 'Hello!' } }),
      reactionAdded({ message: idAt(32) }),
      memberLeft({ user: cleo }),
    ])
    await append(readingStream(tea as ConversationId, bob), [readUpTo({ revision: 1, n: 1 })])
    await append(readingStream(tea as ConversationId, bob), [readUpTo({ revision: 9, n: 9 })])
    await append(preferencesStream(ada), [preferencesSet()])
  })
  const store = openIdentityStore(identityFile(folder), { now: () => noon })
  for (const { id, handle, name } of [people.ada, people.bob, people.cleo]) {
    store.reserve({ handle, user: id, name, passwordHash: '$argon2id$none' })
    store.confirm(handle, id)
  }
  store.openSession({ session: adasSession, user: ada, device: 'curl', token: 'token' })
  store.close()
  await projected(folder)
  return folder
}

/** The same again, to be spoilt. */
export const copyOf = (folder: string): string => {
  const copy = join(freshFolder(), 'data')
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** Brings all models to the head of the log. */
export const projected = async (folder: string): Promise<void> => {
  const reader = openLogReader(logFile(folder))
  const models = new Map(knownModels.map((model) => [model.name, model.open(model.file(folder))]))
  await runToEnd({ interrupted: new AbortController().signal }, models, heldLog(reader))
  reader.close()
}

type Append = (stream: StreamName, said: readonly Said[]) => Promise<void>
let ids = 0
/** Appends to the log of a folder, as the server's one writer. */
export const withLog = async (folder: string, work: (append: Append) => Promise<void>): Promise<void> => {
  const writer = openLogWriter({ file: logFile(folder), newLogId: () => 'log-1' })
  const [writing, reading] = [new MessageChannel(), new MessageChannel()]
  serveLogWriter(writing.port1, writer, newHeadSignal())
  const reader = openLogReader(logFile(folder))
  serveCalls(reading.port1, logReads(reader))
  const log = sqliteEventLog({
    writer: writing.port2,
    reads: callsOver<LogReads>(reading.port2),
    log: writer.log,
    head: writer.head(),
  })
  try {
    await work(async (stream, said) => {
      const last = (await log.last(stream))?.revision ?? -1
      const outcome = await log.append(stream, last, said.map(eventOf))
      if (outcome.kind !== 'appended') throw new Error(`conflict at ${outcome.actual}`)
    })
  } finally {
    const closed = once(writing.port1, 'close')
    // The writer last: whoever closes a database last leaves it in one file.
    reader.close()
    await log.close()
    await closed
    writer.close()
    reading.port1.close()
  }
}

const eventOf = ({ type, data }: Said) => {
  ids++
  return {
    id: `6ba7b810-9dad-5d11-80b4-${ids.toString(16).padStart(12, '0')}` as string as EventId,
    type: type as ReturnType<typeof messageSent>['type'],
    schema: 1,
    actor: ada,
    session: adasSession,
    command: idAt(5_000 + ids),
    digest: `digest ${ids}`,
    at: noon + ids * 1_000,
    json: JSON.stringify(data),
  }
}
