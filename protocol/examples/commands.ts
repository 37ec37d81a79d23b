import type { BuiltCommandType, Command, CommandType, Order, Register } from '../commands.ts'
import type { SessionId, UserId } from '../ids.ts'
import { ada, adaAndBob, adasSession, bob, cleo, eve, hello, idAt, people, tea } from './cast.ts'

const all: Command[] = []
/** One of each command, those of later versions too. */
export const everyCommand: readonly Command[] = all

/** The example of a command, with an id of its own; the argument changes fields. */
const example = <Type extends CommandType>(
  n: number,
  command: { type: Type } & Omit<Command<Type>, 'id' | 'type'>,
): ((change?: Partial<Omit<Command<Type>, 'type'>>) => Command<Type>) => {
  const make = (change = {}) => ({ id: idAt(n), ...command, ...change }) as Command<Type>
  all.push(make())
  return make
}

export const changeProfile = example(101, { type: 'ChangeProfile', name: 'Ada L.' })

export const requestFriend = example(111, { type: 'RequestFriend', user: bob })
export const cancelRequest = example(112, { type: 'CancelRequest', user: bob })
export const acceptFriend = example(113, { type: 'AcceptFriend', user: ada })
export const declineRequest = example(114, { type: 'DeclineRequest', user: ada })
export const unfriend = example(115, { type: 'Unfriend', user: bob })
export const block = example(116, { type: 'Block', user: bob })
export const unblock = example(117, { type: 'Unblock', user: bob })

export const openDirect = example(121, { type: 'OpenDirect', user: bob })
export const startGroup = example(122, { type: 'StartGroup', conversation: tea, name: 'Tea', members: [bob, cleo] })
export const rename = example(123, { type: 'Rename', conversation: tea, name: 'Tea at four' })
export const addMember = example(124, { type: 'AddMember', conversation: tea, user: eve })
export const removeMember = example(125, { type: 'RemoveMember', conversation: tea, user: bob })
export const leave = example(126, { type: 'Leave', conversation: tea })
export const changeRole = example(127, { type: 'ChangeRole', conversation: tea, user: bob, role: 'admin' })

/** The message `hello`: a message's id is the id of its command. */
export const sendMessage = example(31, { type: 'SendMessage', conversation: tea, body: { text: 'Hello' } })
export const editMessage = example(131, {
  type: 'EditMessage',
  conversation: tea,
  message: hello,
  body: { text: 'Hello!' },
})
export const deleteMessage = example(132, { type: 'DeleteMessage', conversation: tea, message: hello })
export const restoreMessage = example(133, { type: 'RestoreMessage', conversation: tea, message: hello })
export const pin = example(134, { type: 'Pin', conversation: tea, message: hello })
export const unpin = example(135, { type: 'Unpin', conversation: tea, message: hello })
export const react = example(136, { type: 'React', conversation: tea, message: hello, emoji: '👍' })
export const unreact = example(137, { type: 'Unreact', conversation: tea, message: hello, emoji: '👍' })
export const markRead = example(138, { type: 'MarkRead', conversation: tea, revision: 1 })

export const setPreferences = example(141, { type: 'SetPreferences', contact: 'friends' })
export const setConversationPreferences = example(142, {
  type: 'SetConversationPreferences',
  conversation: tea,
  level: 'mentions',
})

export const setAvatar = example(151, { type: 'SetAvatar', conversation: tea, avatar: idAt(61) })
export const setTheme = example(152, { type: 'SetTheme', conversation: tea, theme: idAt(62) })
const look = {
  theme: idAt(62),
  name: 'Dusk',
  background: { kind: 'color', color: '#1b1f2a' },
  senderColor: '#3a4a6b',
  otherColor: '#2a2f3d',
} as const
export const createTheme = example(153, { type: 'CreateTheme', ...look })
export const changeTheme = example(154, { type: 'ChangeTheme', ...look, name: 'Dawn' })
export const deleteTheme = example(155, { type: 'DeleteTheme', theme: idAt(62) })
export const addEmoji = example(156, { type: 'AddEmoji', emoji: idAt(63), name: 'kettle', upload: idAt(64) })
export const removeEmoji = example(157, { type: 'RemoveEmoji', emoji: idAt(63) })
export const startCall = example(158, { type: 'StartCall', conversation: adaAndBob, call: idAt(65), media: 'audio' })
export const endCall = example(159, { type: 'EndCall', conversation: adaAndBob, call: idAt(65), media: 'audio' })
export const eraseAccount = example(160, { type: 'EraseAccount' })

/** What identity hands over when Ada signs in for the first time. */
export const register = (change: Partial<Omit<Register, 'type'>> = {}): Register => ({
  id: ada,
  type: 'Register',
  handle: people.ada.handle,
  name: people.ada.name,
  ...change,
})

/** A command as the handler takes it, from Ada unless it says otherwise. */
export const order = (
  command: Command<BuiltCommandType> | Register,
  by: UserId = ada,
  session: SessionId = adasSession,
): Order => ({ command, by, session })

/** Stamped a day and a minute after noon: further ahead than the server takes. */
export const tooFarAhead = idAt(24 * 60 * 60_000 + 60_000)
