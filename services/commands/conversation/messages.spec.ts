import { type Body, limits, type MessageId, type UserId } from '@verbatim/protocol'
import {
  ada,
  adaAndBob,
  again,
  bob,
  cleo,
  deleteMessage,
  directOpened,
  editMessage,
  eve,
  groupStarted,
  hello,
  idAt,
  memberAdded,
  memberRemoved,
  messageDeleted,
  messageEdited,
  messagePinned,
  messageRestored,
  messageSent,
  messageUnpinned,
  noon,
  pin,
  react,
  reactionAdded,
  reactionRemoved,
  restoreMessage,
  sendMessage,
  unpin,
  unreact,
} from '@verbatim/protocol/examples'
import { describe, it } from 'vitest'
import { digestOf, from, sentences } from '../given.ts'
import { conversation } from './decider.ts'
import type { ConversationFacts, OldMessage } from './facts.ts'

const usual: ConversationFacts = {
  blocked: false,
  groupMembers: 250,
  people: new Map(),
  messages: new Map(),
  forwardable: false,
}
const given = sentences(conversation, usual)
const remembered = (change: Partial<OldMessage> = {}, message: MessageId = hello) => ({
  messages: new Map([[message, { sender: ada, revision: 1, body: { text: 'Hello' }, ...change }]]),
})
/** Ada has said hello to the group. */
const started = [groupStarted(), messageSent()]
const direct = [directOpened(), messageSent()]
const deleted = [...started, messageDeleted()]
/** Eve comes after hello, where history counts from one's joining. */
const late = [groupStarted({ history: 'since-joining' }), messageSent(), memberAdded()]
const sent = (body: Body, n = 2) => messageSent({ message: again, n, body })
const say = (body: Body) => sendMessage({ id: again, body })

const onMessage = (message: MessageId = hello) => [
  editMessage({ message }),
  deleteMessage({ message }),
  restoreMessage({ message }),
  react({ message }),
  unreact({ message }),
  pin({ message }),
  unpin({ message }),
]
const everyVerb = [sendMessage({ id: again }), ...onMessage()]

describe('a message', () => {
  it('CV14 is sent by a member and counted', () => given(groupStarted()).when(sendMessage(), bob).emits(messageSent()))
  it('CV14 is counted on', () =>
    given(...started)
      .when(say({ text: 'So' }))
      .emits(sent({ text: 'So' })))
  it('CV4 is not sent into nothing', () => given().when(sendMessage()).refuses('not-found'))
  it.each(everyVerb)('CV4 has no $type for an outsider', (command) => {
    given(...started)
      .when(command, eve)
      .refuses('not-found')
  })
  it.each(everyVerb)("CV4 has no $type for who was removed, though it was one's own", (command) => {
    given(groupStarted(), from(bob, messageSent()), memberRemoved()).when(command, bob).refuses('not-found')
  })
  it.each(onMessage())('CV15 that is not there has no $type', (command) => {
    given(...started)
      .when({ ...command, message: again })
      .refuses('not-found')
  })
  it('CV16 mentions members, each once, and drops everybody else', () =>
    given(...started)
      .when(say({ text: 'So', mentions: [bob, eve, bob] }))
      .emits(sent({ text: 'So', mentions: [bob] })))
  it('CV16 that mentions nobody there mentions nobody', () =>
    given(...started)
      .when(say({ text: 'So', mentions: [eve] }))
      .emits(sent({ text: 'So' })))
  it('CV17 answers another', () =>
    given(...started)
      .when(say({ text: 'So', replyTo: hello }))
      .emits(sent({ text: 'So', replyTo: hello })))
  it('CV17 answers one that the state has forgotten', () =>
    given(groupStarted())
      .knowing(remembered())
      .when(say({ text: 'So', replyTo: hello }))
      .emits(sent({ text: 'So', replyTo: hello }, 1)))
  it('CV17 does not answer what is not there', () =>
    given(...started)
      .when(say({ text: 'So', replyTo: idAt(99) }))
      .refuses('not-found'))
  it('CV18 is forwarded from the same conversation', () =>
    given(...started)
      .when(say({ text: 'Hello', forwardedFrom: hello }))
      .emits(sent({ text: 'Hello', forwardedFrom: hello })))
  it('CV18 is forwarded from where the sender may read it', () =>
    given(...started)
      .knowing({ forwardable: true })
      .when(say({ text: 'Hi', forwardedFrom: idAt(99) }))
      .emits(sent({ text: 'Hi', forwardedFrom: idAt(99) })))
  it('CV18 is not forwarded from elsewhere', () =>
    given(...started)
      .when(say({ text: 'Hi', forwardedFrom: idAt(99) }))
      .refuses('not-found'))
  it('CV18 is not forwarded once deleted', () =>
    given(...deleted)
      .knowing({ forwardable: true })
      .when(say({ text: 'Hi', forwardedFrom: hello }))
      .refuses('not-found'))
})

describe('since-joining', () => {
  it.each(onMessage())('CV19 hides what was before from $type', (command) => {
    given(...late)
      .when(command, eve)
      .refuses('not-found')
  })
  it.each(onMessage())('CV19 hides what the state has forgotten from $type', (command) => {
    given(groupStarted({ history: 'since-joining' }), memberAdded())
      .knowing(remembered({ sender: eve, revision: 1 }))
      .when(command, eve)
      .refuses('not-found')
  })
  it('CV19 hides what would be quoted', () =>
    given(...late)
      .when(say({ text: 'So', replyTo: hello }), eve)
      .refuses('not-found'))
  it('CV31 an edit of an older message names who is told less', () =>
    given(...late)
      .when(editMessage())
      .emits(messageEdited({ unseenBy: [eve] })))
  it('CV31 an answer to an older message names who is told less', () =>
    given(...late)
      .when(say({ text: 'So', replyTo: hello }))
      .emits(messageSent({ unseenBy: [eve], message: again, n: 2, body: { text: 'So', replyTo: hello } })))
  it('CV31 what all have seen is told alike', () =>
    given(...late, sent({ text: 'Mine' }))
      .when(say({ text: 'So', replyTo: again }), eve)
      .emits(messageSent({ message: again, n: 3, body: { text: 'So', replyTo: again } })))
  it('CV19 counts from the newest joining', () =>
    given(...late, from(eve, sent({ text: 'Mine' })), memberRemoved({ user: eve }), memberAdded({ n: 2 }))
      .when(editMessage({ message: again }), eve)
      .refuses('not-found'))
  it('CV19 shows all to the founders', () =>
    given(...late)
      .when(react(), bob)
      .emits(reactionAdded()))
  it('CV19 is not counted where the whole history is shown', () =>
    given(...started, memberAdded())
      .when(react(), eve)
      .emits(reactionAdded()))
})

describe('an edit', () => {
  it("CV20 changes one's own words", () =>
    given(...started)
      .when(editMessage())
      .emits(messageEdited()))
  it('CV20 that was made last is left', () =>
    given(...started, { ...from(ada, messageEdited()), digest: digestOf(editMessage()) })
      .when(editMessage())
      .doesNothing())
  it("CV20 does not change another's words, not even an admin's", () =>
    given(groupStarted(), from(bob, messageSent())).when(editMessage()).refuses('not-allowed'))
  it('CV20 leaves what is answered, whatever it says of that itself', () =>
    given(...started, sent({ text: 'So', replyTo: hello }))
      .when(editMessage({ message: again, body: { text: 'So!', replyTo: idAt(99) } }))
      .emits(messageEdited({ message: again, body: { text: 'So!', replyTo: hello } })))
  it('CV20 reaches a message that the state has forgotten', () =>
    given(groupStarted())
      .knowing(remembered({ forwardedFrom: again }))
      .when(editMessage())
      .emits(messageEdited({ body: { text: 'Hello!', forwardedFrom: again } })))
  it('CV21 does not change what is deleted', () =>
    given(...deleted)
      .when(editMessage())
      .refuses('message-deleted'))
})

describe('a deletion', () => {
  it('CV22 is made by the author', () =>
    given(groupStarted(), from(bob, messageSent())).when(deleteMessage(), bob).emits(messageDeleted()))
  it('CV22 is made by an admin', () =>
    given(groupStarted(), from(bob, messageSent())).when(deleteMessage()).emits(messageDeleted()))
  it('CV22 is not made by others', () =>
    given(...started)
      .when(deleteMessage(), bob)
      .refuses('not-allowed'))
  it('CV22 is not made by the other one of two', () =>
    given(...direct)
      .when(deleteMessage(), bob)
      .refuses('not-allowed'))
  it('CV22 is made once', () =>
    given(...deleted)
      .when(deleteMessage())
      .doesNothing())
  it('CV22 reaches a message that the state has forgotten', () =>
    given(groupStarted()).knowing(remembered()).when(deleteMessage()).emits(messageDeleted()))
  it('CV22 takes the pin away first', () =>
    given(...started, messagePinned())
      .when(deleteMessage())
      .emits(messageUnpinned(), messageDeleted()))
})

describe('a restoration', () => {
  const soon = noon + limits.restoreWithin
  it('CV23 brings the words back until ten minutes after', () =>
    given(...deleted)
      .knowing(remembered())
      .when(restoreMessage(), ada, soon)
      .emits(messageRestored()))
  it('CV23 comes too late after that', () =>
    given(...deleted)
      .knowing(remembered())
      .when(restoreMessage(), ada, soon + 1)
      .refuses('too-late'))
  it('CV23 is for who deleted, not for the author', () =>
    given(groupStarted(), from(bob, messageSent()), messageDeleted())
      .knowing(remembered())
      .when(restoreMessage(), bob)
      .refuses('not-allowed'))
  it('CV23 has nothing to do where nothing is deleted', () =>
    given(...started)
      .when(restoreMessage())
      .doesNothing())
  it('CV23 reaches a message that the state has forgotten', () =>
    given(groupStarted())
      .knowing(remembered({ deleted: { by: ada, at: noon } }))
      .when(restoreMessage())
      .emits(messageRestored()))
  it('CV23 brings back a message whose words were erased as such', () =>
    given(...deleted)
      .knowing(remembered({ body: null }))
      .when(restoreMessage())
      .emits(messageRestored({ body: null })))
})

describe('a reaction', () => {
  it('CV24 is added by a member', () =>
    given(...started)
      .when(react(), bob)
      .emits(reactionAdded()))
  it('CV24 is added once by each', () =>
    given(...started, from(bob, reactionAdded()))
      .when(react(), bob)
      .doesNothing())
  it("CV24 of another does not stand for one's own", () =>
    given(...started, from(cleo, reactionAdded()))
      .when(react(), bob)
      .emits(reactionAdded()))
  it('CV21 is not added to what is deleted', () =>
    given(...deleted)
      .when(react(), bob)
      .refuses('message-deleted'))
  const many = Array.from({ length: limits.reactionsPerMessage }, (_, i) =>
    reactionAdded({ emoji: String.fromCodePoint(0x1f600 + i) }),
  )
  it('CV25 may be one of twenty kinds', () =>
    given(...started, ...many.slice(1))
      .when(react())
      .emits(reactionAdded()))
  it('CV25 is not of a twenty-first kind', () =>
    given(...started, ...many)
      .when(react())
      .refuses('too-many'))
  it('CV25 of a kind that is there is always taken', () =>
    given(...started, ...many)
      .when(react({ emoji: '\u{1f600}' }), bob)
      .emits(reactionAdded({ emoji: '\u{1f600}' })))
  it('CV26 is taken back by who added it', () =>
    given(...started, reactionAdded())
      .when(unreact())
      .emits(reactionRemoved()))
  it('CV26 is taken back once', () =>
    given(...started, reactionAdded(), reactionRemoved())
      .when(unreact())
      .doesNothing())
  it("CV26 of another is not one's own to take back", () =>
    given(...started, from(bob, reactionAdded()))
      .when(unreact())
      .doesNothing())
})

describe('a pin', () => {
  it('CV27 is set by any member', () =>
    given(...started)
      .when(pin(), bob)
      .emits(messagePinned()))
  it('CV27 is set once', () =>
    given(...started, messagePinned())
      .when(pin(), bob)
      .doesNothing())
  it('CV27 is taken away by any member', () =>
    given(...started, messagePinned())
      .when(unpin(), bob)
      .emits(messageUnpinned()))
  it('CV27 is taken away once', () =>
    given(...started)
      .when(unpin())
      .doesNothing())
  it('CV21 is not set on what is deleted', () =>
    given(...deleted)
      .when(pin())
      .refuses('message-deleted'))
  const many = Array.from({ length: limits.pins }, (_, i) => messagePinned({ message: idAt(1_000 + i) }))
  it('CV28 may be one of a hundred', () =>
    given(...started, ...many.slice(1))
      .when(pin())
      .emits(messagePinned()))
  it('CV28 is not a hundred-and-first', () =>
    given(...started, ...many)
      .when(pin())
      .refuses('too-many'))
})

describe('a block', () => {
  const inDirect = <C extends { conversation: unknown }>(command: C) => ({ ...command, conversation: adaAndBob })
  const shut = (who: UserId) => [...direct, from(who, reactionAdded())]
  it.each([sendMessage({ id: again }), editMessage(), restoreMessage(), react({ emoji: '🙂' }), pin(), unpin()])(
    'CV29 closes a direct conversation to $type, both ways',
    (command) => {
      for (const who of [ada, bob])
        given(...shut(who))
          .knowing({ blocked: true })
          .when(inDirect(command), who)
          .refuses('blocked')
    },
  )
  it("CV29 leaves one's own to be deleted and taken back", () => {
    const behind = given(...shut(ada)).knowing({ blocked: true })
    behind.when(inDirect(deleteMessage())).emits(messageDeleted())
    behind.when(inDirect(unreact())).emits(reactionRemoved())
  })
})
