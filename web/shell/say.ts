import type { CommandType, Reason } from '@verbatim/protocol'

type Told = Reason | 'unreachable'

/** What happened, in the person's words. */
const said: Partial<Record<Told, string>> = {
  unreachable: 'The server does not answer. Nothing was changed.',
  malformed: 'The server could not read that.',
  'wrong-credentials': 'That handle and password do not belong together.',
  'handle-taken': 'That handle belongs to somebody else.',
  'not-allowed': 'You may not do that here.',
  'not-found': 'It is no longer there.',
  'too-large': 'That is too long to send.',
  'only-way-in': 'It is your only way to sign in. Link another one first.',
  'already-friends': 'You are friends already.',
  'no-request': 'That request is no longer open.',
  blocked: 'One of you has blocked the other.',
  'friends-only': 'This person lets only friends write.',
  yourself: 'That cannot be done with yourself.',
  'no-such-person': 'Nobody has that name here.',
  'group-full': 'The group is full.',
  'last-admin': 'Make somebody else an admin first: you are the only one.',
  'no-such-member': 'That person is not in the group.',
  'message-deleted': 'The message was deleted meanwhile.',
  'too-late': 'It is too late to undo that.',
  'too-many': 'There is no room for another one.',
  'too-fast': 'That was too fast. Try again in a moment.',
  unavailable: 'The server is busy. Try again in a moment.',
  'disk-full': 'The server has no room left to write.',
  behind: 'The server is catching up. Try again in a moment.',
  'not-yet': 'This server cannot do that yet.',
  'id-reused': 'The server knows another message under this name. Delete this one and write it anew.',
}

export const say = (reason: Told): string => said[reason] ?? 'That did not work.'

const acts: Partial<Record<CommandType, string>> = {
  EditMessage: 'The change was not kept.',
  DeleteMessage: 'The message was not deleted.',
  RestoreMessage: 'The message was not restored.',
  React: 'The reaction was not kept.',
  Unreact: 'The reaction was not taken back.',
  Pin: 'The message was not pinned.',
  Unpin: 'The message was not unpinned.',
}

export const sayRefused = (reason: Told, type: CommandType): string => `${acts[type] ?? ''} ${say(reason)}`.trim()
