import type { ConversationEventType, DataOf, MessageView } from '@verbatim/protocol'
import { ada, bob, cleo, eve } from '@verbatim/protocol/examples'
import fc from 'fast-check'
import type { fakeConversation } from './conversation.rig.ts'

type Fake = ReturnType<typeof fakeConversation>

/** What may happen next, as small numbers that `play` makes sense of whatever the state is. */
export const happenings = fc.array(
  fc.record({ what: fc.nat(9), who: fc.nat(2), which: fc.nat(1_000), emoji: fc.nat(2) }),
  { minLength: 5, maxLength: 60 },
)
export type Step = { what: number; who: number; which: number; emoji: number }

const people = [ada, bob, cleo] as const
const emojis = ['👍', '❤️', '😂'] as const

/** Lets one thing happen that the rules of a conversation allow. */
export const play = (fake: Fake, { what, who, which, emoji: e }: Step): void => {
  const actor = people[who] ?? ada
  const { messages } = fake.page({ limit: Number.MAX_SAFE_INTEGER })
  const message = messages[which % Math.max(1, messages.length)]
  if (what <= 2 || message === undefined)
    fake.send(actor, `said at ${fake.head()}`, which % 5 === 0 ? message?.id : undefined)
  else if (what === 9) between(fake, which)
  else about(fake, { what, actor, message, emoji: emojis[e] ?? '👍' })
}

const about = (
  fake: Fake,
  { what, actor, message, emoji }: { what: number; actor: typeof ada; message: MessageView; emoji: string },
): void => {
  const id = { message: message.id }
  const reacted = message.reactions.find((one) => one.emoji === emoji)?.users.includes(actor) === true
  const happen = <Type extends ConversationEventType>(type: Type, data: DataOf<Type>) =>
    fake.happen(actor, { type, data })
  if (message.deleted) {
    if (what === 5) happen('MessageRestored', { ...id, body: lastSaid(fake, message) })
  } else if (what === 3 || what === 4)
    happen('MessageEdited', { ...id, body: { ...message.body, text: `edited at ${fake.head()}` } })
  else if (what === 5) happen('MessageDeleted', id)
  else if (reacted) happen('ReactionRemoved', { ...id, emoji })
  else happen('ReactionAdded', { ...id, emoji })
}

const between = (fake: Fake, which: number): void => {
  if (which % 3 === 0) fake.happen(ada, { type: 'GroupRenamed', data: { name: `Tea ${which}` } })
  else if (which % 3 === 1) fake.happen(ada, { type: 'RoleChanged', data: { user: bob, role: 'admin' } })
  else fake.happen(ada, { type: 'MemberAdded', data: { user: eve, n: 0 } })
}

const lastSaid = (fake: Fake, message: MessageView) => {
  const spoken = fake.log.findLast(
    (event) => (event.type === 'MessageSent' || event.type === 'MessageEdited') && event.data.message === message.id,
  )
  return spoken?.type === 'MessageSent' || spoken?.type === 'MessageEdited' ? spoken.data.body : null
}
