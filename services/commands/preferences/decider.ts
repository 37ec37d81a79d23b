import {
  type Asked,
  accept,
  type Command,
  type ConversationId,
  type DataOf,
  type Decider,
  nothingToDo,
  type Outcome,
  type PreferencesEvent,
  refuse,
} from '@verbatim/protocol'

type Own = Required<DataOf<'PreferencesSet'>>
type OfConversation = Required<Omit<DataOf<'ConversationPreferencesSet'>, 'conversation'>>

export type Preferences = {
  readonly own: Own
  readonly conversations: ReadonlyMap<ConversationId, OfConversation>
}
export type PreferencesCommand = Command<'SetPreferences' | 'SetConversationPreferences'>
/** `member`: the person is in the conversation that is spoken of. */
export type PreferencesFacts = { readonly member: boolean }

export const preferences: Decider<Preferences, PreferencesCommand, PreferencesEvent, PreferencesFacts> = {
  initial: {
    own: { hidePresence: false, contact: 'everyone', doNotDisturb: false, hideContent: false },
    conversations: new Map(),
  },
  decide(command, state, facts) {
    switch (command.type) {
      case 'SetPreferences':
        return set(command, state)
      case 'SetConversationPreferences':
        return setForConversation(command, state, facts)
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'PreferencesSet':
        return { ...state, own: { ...state.own, ...event.data } }
      case 'ConversationPreferencesSet': {
        const { conversation, ...change } = event.data
        const now = { ...(state.conversations.get(conversation) ?? usual), ...change }
        return { ...state, conversations: new Map(state.conversations).set(conversation, now) }
      }
    }
  },
}

const usual: OfConversation = { level: 'all', mutedUntil: null, pinned: false, archived: false, markedUnread: false }

const set = (command: Asked<Command<'SetPreferences'>>, { own }: Preferences): Outcome<PreferencesEvent> => {
  const { hidePresence, contact, doNotDisturb, hideContent } = command
  const data = changed(own, { hidePresence, contact, doNotDisturb, hideContent })
  return data ? accept({ type: 'PreferencesSet', data }) : nothingToDo
}

const setForConversation = (
  command: Asked<Command<'SetConversationPreferences'>>,
  state: Preferences,
  { member }: PreferencesFacts,
): Outcome<PreferencesEvent> => {
  if (!member) return refuse('not-found')
  const { conversation, level, mutedUntil, pinned, archived, markedUnread } = command
  const data = changed(state.conversations.get(conversation) ?? usual, {
    level,
    mutedUntil,
    pinned,
    archived,
    markedUnread,
  })
  return data ? accept({ type: 'ConversationPreferencesSet', data: { conversation, ...data } }) : nothingToDo
}

/** The fields that are asked for and are not so already; `undefined` when there are none. */
const changed = <T extends object>(now: T, asked: { [K in keyof T]: T[K] | undefined }): Partial<T> | undefined => {
  const change: Partial<T> = {}
  for (const field in now) if (asked[field] !== undefined && asked[field] !== now[field]) change[field] = asked[field]
  return Object.keys(change).length > 0 ? change : undefined
}
