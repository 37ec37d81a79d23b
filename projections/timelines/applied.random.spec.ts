import type { MessagesPage, MessageView, PublicEvent, UserId } from '@verbatim/protocol'
import { ada, tea } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { attempts, everybody, unfold } from './histories.examples.ts'
import { chronicle, reading } from './timelines.examples.ts'

it('TL17 events applied to an old page equal a fresh reading of the same stretch.', async () => {
  await fc.assert(
    fc.asyncProperty(attempts(60), attempts(40), fc.integer({ min: 1, max: 8 }), async (before, later, limit) => {
      const written = chronicle()
      const occur = unfold(written.record, 'since-joining')
      for (const attempt of before) occur(attempt)
      const timelines = await reading(written.log)
      const old = await Promise.all(
        everybody.map(async (user) => ({
          user,
          page: (await timelines.messages(user, tea, { limit })).value,
          head: (await timelines.conversation(user, tea)).value?.revision ?? -1,
        })),
      )
      for (const attempt of later) occur(attempt)
      await timelines.reached()
      for (const { user, page, head } of old) {
        const fresh = await timelines.events(user, tea, { after: head, limit: 1_000 })
        const first = page?.more ? (page.messages[0]?.revision ?? 0) : 0
        const now = (await timelines.messages(user, tea, { after: first - 1, limit: 100 })).value
        // Who was outside then or is now, or has come back meanwhile, reads afresh.
        const isSame = fresh.value && now && page && !hasJoined(fresh.value.events, user)
        if (isSame) expect(applied(page, fresh.value.events)).toEqual(known(now, page))
        else if (user === ada) throw new Error('Ada is always inside')
      }
      await timelines.close()
    }),
    { seed: 32, numRuns: 150 },
  )
}, 30_000)

const hasJoined = (events: readonly PublicEvent[], user: UserId): boolean =>
  events.some(({ type, data }) => type === 'MemberAdded' && data.user === user)

type Screen = Pick<MessagesPage, 'messages' | 'notices'>

/** A tombstone does not tell its reactions: a screen that had no more than that knows them when it reads again. */
const known = ({ messages, notices }: MessagesPage, old: MessagesPage): Screen => {
  const dead = new Set(old.messages.filter(({ deleted }) => deleted).map(({ id }) => id))
  return {
    messages: messages.map((message) => (dead.has(message.id) ? { ...message, reactions: [] } : message)),
    notices,
  }
}

const applied = (page: MessagesPage, events: readonly PublicEvent[]): Screen => {
  const dead = new Set(page.messages.filter(({ deleted }) => deleted).map(({ id }) => id))
  const all = events.reduce<Screen>(apply, page)
  const shown = all.messages.map((message) => {
    const { replyTo: _, ...tombstone } = message
    if (message.deleted) return { ...tombstone, reactions: [] }
    return dead.has(message.id) ? { ...message, reactions: [] } : message
  })
  return { messages: shown, notices: all.notices }
}

/** What a client does with an event. It keeps what a tombstone hides, for the message may come back. */
const apply = (screen: Screen, event: PublicEvent): Screen => {
  const { type, data, at, actor, revision } = event
  const change = (edit: (message: MessageView) => MessageView): Screen => ({
    ...screen,
    messages: screen.messages.map((one) => ('message' in data && one.id === data.message ? edit(one) : one)),
  })
  switch (type) {
    case 'MessageSent': {
      const answers = data.body?.replyTo === undefined ? {} : { replyTo: data.body.replyTo }
      const sent = { id: data.message, revision, sender: actor, sentAt: at, body: data.body, reactions: [], ...answers }
      return { ...screen, messages: [...screen.messages, sent] }
    }
    case 'MessageEdited':
      return change(({ replyTo: _, ...message }) => ({ ...message, body: data.body, edited: at }))
    case 'MessageDeleted':
      return change((message) => ({ ...message, body: null, deleted: true }))
    case 'MessageRestored':
      return change(({ deleted: _, replyTo: __, ...message }) => ({ ...message, body: data.body }))
    case 'ReactionAdded':
      return change((message) => {
        const has = message.reactions.some(({ emoji }) => emoji === data.emoji)
        const reactions = has ? message.reactions : [...message.reactions, { emoji: data.emoji, users: [] }]
        return {
          ...message,
          reactions: reactions.map((one) =>
            one.emoji === data.emoji ? { ...one, users: [...one.users, actor] } : one,
          ),
        }
      })
    case 'ReactionRemoved':
      return change((message) => ({
        ...message,
        reactions: message.reactions
          .map((one) =>
            one.emoji === data.emoji ? { ...one, users: one.users.filter((user) => user !== actor) } : one,
          )
          .filter(({ users }) => users.length > 0),
      }))
    default:
      return {
        ...screen,
        notices: [...screen.notices, { revision, type, actor, at, data } as (typeof screen.notices)[number]],
      }
  }
}
