import { z } from 'zod'
import type { CommandId, SessionId, UserId } from './ids.ts'
import * as words from './words.ts'

const { ulid, conversationId } = words
const command = <Type extends string, Fields extends z.core.$ZodLooseShape>(type: Type, fields: Fields) =>
  z.strictObject({ id: ulid, type: z.literal(type), ...fields })

const user = { user: ulid }
const conversation = { conversation: conversationId }
const message = { conversation: conversationId, message: ulid }
const color = z.string().regex(/^#[0-9a-f]{6}$/)
const background = z.union([
  z.strictObject({ kind: z.literal('color'), color }),
  z.strictObject({ kind: z.literal('image'), upload: ulid }),
  z.strictObject({
    kind: z.literal('parallax'),
    layers: z
      .array(z.strictObject({ upload: ulid, speed: z.number().min(0).max(1) }))
      .min(1)
      .max(5),
  }),
])
const theme = { theme: ulid, name: words.name, background, senderColor: color, otherColor: color }

/** One schema per command of the contract, those of later versions too: they are answered `not-yet`. */
export const commandSchemas = {
  ChangeProfile: command('ChangeProfile', {
    name: words.name.exactOptional(),
    about: words.about.exactOptional(),
    avatar: ulid.nullable().exactOptional(),
  }),
  RequestFriend: command('RequestFriend', user),
  CancelRequest: command('CancelRequest', user),
  AcceptFriend: command('AcceptFriend', user),
  DeclineRequest: command('DeclineRequest', user),
  Unfriend: command('Unfriend', user),
  Block: command('Block', user),
  Unblock: command('Unblock', user),
  OpenDirect: command('OpenDirect', user),
  StartGroup: command('StartGroup', {
    conversation: words.groupId,
    name: words.name,
    members: z.array(ulid).max(100_000),
    history: words.history.exactOptional(),
  }),
  Rename: command('Rename', { ...conversation, name: words.name }),
  SetAvatar: command('SetAvatar', { ...conversation, avatar: ulid.nullable() }),
  AddMember: command('AddMember', { ...conversation, ...user }),
  RemoveMember: command('RemoveMember', { ...conversation, ...user }),
  Leave: command('Leave', conversation),
  ChangeRole: command('ChangeRole', { ...conversation, ...user, role: words.role }),
  SetTheme: command('SetTheme', { ...conversation, theme: ulid.nullable() }),
  SendMessage: command('SendMessage', { ...conversation, body: words.body }),
  EditMessage: command('EditMessage', { ...message, body: words.body }),
  DeleteMessage: command('DeleteMessage', message),
  RestoreMessage: command('RestoreMessage', message),
  Pin: command('Pin', message),
  Unpin: command('Unpin', message),
  React: command('React', { ...message, emoji: words.emoji }),
  Unreact: command('Unreact', { ...message, emoji: words.emoji }),
  MarkRead: command('MarkRead', { ...conversation, revision: z.int().min(0) }),
  CreateTheme: command('CreateTheme', theme),
  ChangeTheme: command('ChangeTheme', theme),
  DeleteTheme: command('DeleteTheme', { theme: ulid }),
  AddEmoji: command('AddEmoji', {
    emoji: ulid,
    name: z.string().regex(/^[a-z0-9_]{2,32}$/),
    upload: ulid,
    conversation: conversationId.exactOptional(),
  }),
  RemoveEmoji: command('RemoveEmoji', { emoji: ulid, conversation: conversationId.exactOptional() }),
  SetPreferences: command('SetPreferences', {
    hidePresence: z.boolean().exactOptional(),
    contact: z.enum(['everyone', 'friends']).exactOptional(),
    doNotDisturb: z.boolean().exactOptional(),
    hideContent: z.boolean().exactOptional(),
  }),
  SetConversationPreferences: command('SetConversationPreferences', {
    ...conversation,
    level: z.enum(['all', 'mentions', 'none']).exactOptional(),
    mutedUntil: words.time.nullable().exactOptional(),
    pinned: z.boolean().exactOptional(),
    archived: z.boolean().exactOptional(),
    markedUnread: z.boolean().exactOptional(),
  }),
  StartCall: command('StartCall', { ...conversation, call: ulid, media: z.enum(['audio', 'video']) }),
  EndCall: command('EndCall', { ...conversation, call: ulid, media: z.enum(['audio', 'video']) }),
  EraseAccount: command('EraseAccount', {}),
} as const

export type CommandType = keyof typeof commandSchemas
export type Command<Type extends CommandType = CommandType> = {
  [T in CommandType]: z.infer<(typeof commandSchemas)[T]>
}[Type]

/** Commands of the contract that this version answers with `not-yet`, before any id is looked at. */
export const notYet = [
  'SetAvatar',
  'SetTheme',
  'CreateTheme',
  'ChangeTheme',
  'DeleteTheme',
  'AddEmoji',
  'RemoveEmoji',
  'StartCall',
  'EndCall',
  'EraseAccount',
] as const satisfies readonly CommandType[]
export type LaterCommandType = (typeof notYet)[number]
export type BuiltCommandType = Exclude<CommandType, LaterCommandType>

/** Given by identity when somebody signs in for the first time; no client may send it. */
export type Register = { id: CommandId; type: 'Register'; handle: string; name: string }

/** A command as the handler takes it: who sent it, over which session. */
export type Order = {
  readonly command: Command<BuiltCommandType> | Register
  readonly by: UserId
  readonly session: SessionId
  readonly trace?: string
}
