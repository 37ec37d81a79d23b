import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModelReader, runProjections } from '@verbatim/projections/projector'
import { relay } from '@verbatim/projections/relay'
import { sqliteTimelines } from '@verbatim/projections/timelines'
import { conversationStream, type Order, type UserId } from '@verbatim/protocol'
import {
  ada,
  addMember,
  again,
  bob,
  cleo,
  deleteMessage,
  editMessage,
  eve,
  hello,
  noon,
  order,
  register,
  restoreMessage,
  sendMessage,
  startGroup,
  tea,
} from '@verbatim/protocol/examples'
import { commandHandler } from '@verbatim/services/commands'
import { memoryEventLog } from '@verbatim/services/event-log'
import { type LiveMessage, localLive } from '@verbatim/services/live'
import { expect, it, onTestFinished } from 'vitest'
import { knownModel } from './models.ts'

/** Eve joins a group that hides what was before; then Ada edits, deletes, restores and answers what she wrote before. */
const told = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verbatim-unseen-'))
  const log = memoryEventLog()
  const live = localLive()
  const frames: LiveMessage[] = []
  live.follow((message) => void frames.push(message))
  const relaying = relay({ log, live, from: 0 })
  const timelines = knownModel('timelines')
  const file = timelines.file(folder)
  let position = -1
  const running = runProjections({
    models: [timelines.open(file)],
    log,
    onProgress: (progress) => {
      position = progress.position
    },
  })
  const reader = await openModelReader(file)
  const queries = sqliteTimelines({ model: reader, log })
  const reached = async (): Promise<void> => {
    const head = await log.head()
    while (position < head || relaying.position() < head) await new Promise(setImmediate)
  }
  const handler = commandHandler({
    log,
    now: () => noon,
    digestKey: new Uint8Array(32).fill(7),
    groupMembers: 250,
    messageFacts: {
      messageFact: async (conversation, message) => {
        await reached()
        return (await queries.messageFact(conversation, message)).value
      },
      isReadable: async () => false,
    },
  })
  onTestFinished(async () => {
    await handler.close()
    await relaying.close()
    await running.close()
    reader.close()
    await log.close()
    rmSync(folder, { recursive: true })
  })
  const say = async (command: Order['command'], by: UserId = ada): Promise<void> =>
    expect(await handler.handle(order(command, by))).toMatchObject({ kind: 'accepted' })

  for (const user of [ada, bob, cleo, eve]) await say(register({ id: user, handle: `person${user}` }), user)
  await say(startGroup({ history: 'since-joining' }))
  await say(sendMessage({ body: { text: 'secret' } }))
  await say(addMember())
  await say(editMessage({ body: { text: 'secret edit' } }))
  await say(deleteMessage())
  await say(restoreMessage())
  await say(sendMessage({ id: again, body: { text: 'an answer', replyTo: hello } }))
  await reached()
  return { log, frames, queries }
}

it('TL19 who is told less of a message is named in the log, and in no frame, event, page, backlog or edit', async () => {
  const { log, frames, queries } = await told()
  const stored = await log.read(conversationStream(tea), 0, 100)
  const naming = stored.filter(({ json }) => json.includes('"unseenBy"'))
  expect(naming.map(({ type }) => type)).toEqual(['MessageEdited', 'MessageRestored', 'MessageSent'])

  const sent = frames.flatMap((message) => ('frame' in message ? [message.frame] : []))
  const instead = frames.flatMap((message) => ('instead' in message && message.instead ? [message.instead] : []))
  expect(instead.map(({ users }) => users)).toEqual(Array(3).fill([eve]))
  expect(sent.filter((frame) => /Message(Edited|Restored|Sent)/.test(frame))).toHaveLength(4)

  const answers: unknown[] = []
  for (const user of [ada, bob, eve]) {
    const events = await queries.events(user, tea, { after: -1, limit: 100 })
    expect(
      events.value?.events.filter(({ revision }) => naming.some((each) => each.revision === revision)),
    ).toHaveLength(3)
    const [backlog] = (await queries.backlog(user, [{ conversation: tea, revision: 1 }])).value
    expect(backlog?.events.length).toBeGreaterThanOrEqual(4)
    const page = await queries.messages(user, tea, { limit: 100 })
    expect(page.value?.messages.at(-1)?.id).toBe(again)
    const edits = await queries.edits(user, tea, hello)
    expect(edits.value === undefined).toBe(user === eve)
    const list = await queries.conversations(user, { limit: 10 })
    answers.push(events, backlog, page, edits, list, await queries.conversation(user, tea))
  }
  for (const said of [...sent, ...instead.map(({ frame }) => frame), JSON.stringify(answers)])
    expect(said).not.toContain('unseenBy')
  const evesOnly = [...instead.map(({ frame }) => frame), JSON.stringify(answers.slice(-6))]
  for (const said of evesOnly) expect(said).not.toContain('secret')
})
