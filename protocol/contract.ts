import type { answers, requests } from './http.ts'

type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE'
type Path = `/${string}`

/** One request of the public contract. */
export type ContractRow = {
  readonly method: Method
  /** Parameters are written `:id`. */
  readonly path: Path
  /** `operator`: on loopback, or with the metrics token as bearer. */
  readonly who: 'anyone' | 'signed-in' | 'operator'
  readonly does: string
  readonly query?: Readonly<Record<string, string>>
  /** The schema of the body; `command` is any command. */
  readonly takes?: keyof typeof requests | 'command'
  /** Status of success; 200 if it is not said. */
  readonly status?: 201 | 204 | 302
  /** The schema of the answer's body, when it is JSON with a promised shape. */
  readonly answers?: keyof typeof answers
  /** Of a later version: answers 404 `not-yet` to everyone, before any id is looked at. */
  readonly later?: true
}

type Rest = Omit<ContractRow, 'method' | 'path' | 'who' | 'does'>
const row = (request: `${Method} ${Path}`, who: ContractRow['who'], does: string, rest: Rest = {}): ContractRow => {
  const [method, path] = request.split(' ') as [Method, Path]
  return { method, path, who, does, ...rest }
}

const later = { later: true } as const
const asOf = { asOf: 'A time: the conversation as it was then (a later version)' }
const before = 'Cursor of the page before'
const query = 'What is looked for; an empty one finds nothing'

/** Every row of the contract, in its order: the documents are made from it, and a gateway can be checked against it. */
export const contract: readonly ContractRow[] = [
  row('POST /api/auth/register', 'anyone', 'Makes an account and signs in.', {
    takes: 'register',
    status: 201,
    answers: 'signedIn',
  }),
  row('POST /api/auth/login', 'anyone', 'Signs in. An unknown handle and a wrong password answer alike.', {
    takes: 'login',
    answers: 'signedIn',
  }),
  row('POST /api/auth/refresh', 'anyone', 'Rotates the refresh cookie.', { answers: 'refreshed' }),
  row('POST /api/auth/logout', 'anyone', 'Ends the session of the cookie, else of the bearer.', { status: 204 }),
  row('GET /api/auth/providers', 'anyone', 'Ways to sign in.', { answers: 'providers' }),
  row('GET /api/auth/oidc/:provider/start', 'anyone', 'Goes to a provider.', { status: 302 }),
  row('GET /api/auth/oidc/:provider/callback', 'anyone', 'Comes back from it, signed in, or to `/?error=` and why.', {
    query: { code: 'Of the provider', state: 'Of the attempt', error: 'Why the provider did not sign in' },
    status: 302,
  }),

  row('POST /api/commands', 'signed-in', 'Does something. A repeat of the same id returns the same answer.', {
    takes: 'command',
    answers: 'accepted',
  }),

  row('GET /api/me', 'signed-in', 'Oneself.', { answers: 'me' }),
  row('GET /api/me/preferences', 'signed-in', "One's preferences.", { answers: 'preferences' }),
  row('GET /api/me/sessions', 'signed-in', "One's sessions.", { answers: 'sessions' }),
  row('DELETE /api/me/sessions/:id', 'signed-in', 'Ends a session and closes its sockets.', { status: 204 }),
  row('GET /api/me/providers', 'signed-in', 'The providers, and which of them one can sign in by.', {
    answers: 'linkedProviders',
  }),
  row('POST /api/me/providers/:provider', 'signed-in', 'Begins to link a provider to the account.', {
    answers: 'wayToProvider',
  }),
  row('DELETE /api/me/providers/:provider', 'signed-in', 'Unlinks a provider, unless it is the only way to sign in.', {
    status: 204,
  }),
  row('GET /api/me/friends', 'signed-in', "One's friends.", { answers: 'friends' }),
  row('GET /api/me/friends/request', 'signed-in', 'Open friend requests.', { answers: 'friendRequests' }),
  row('GET /api/me/blocked', 'signed-in', 'Whom one has blocked, the oldest block first; nobody else is told.', {
    answers: 'people',
  }),
  row('POST /api/me/friend/request', 'signed-in', 'Asks somebody to be a friend.', {
    takes: 'friend',
    answers: 'accepted',
  }),
  row('POST /api/me/friend/add', 'signed-in', 'Accepts a friend request.', { takes: 'friend', answers: 'accepted' }),

  row('GET /api/conversations', 'signed-in', "One's conversations, latest first.", {
    query: { before, limit: 'At most 100; 30 if left out' },
    answers: 'conversations',
  }),
  row('GET /api/conversations/:id', 'signed-in', 'A conversation with its members.', {
    query: asOf,
    answers: 'conversation',
  }),
  row('GET /api/conversations/:id/messages', 'signed-in', 'A page of messages, oldest first.', {
    query: {
      before: 'Revision, exclusive',
      after: 'Revision, exclusive; -1 for the beginning',
      around: 'Revision',
      at: 'A time',
      limit: 'At most 100; 10 if left out',
      ...asOf,
    },
    answers: 'messages',
  }),
  row('GET /api/conversations/:id/messages/:message/edits', 'signed-in', 'What it said before.', { answers: 'edits' }),
  row('GET /api/conversations/:id/messages/:message/readers', 'signed-in', 'Who has read it.', { answers: 'readers' }),
  row('GET /api/conversations/:id/messages/:message/ledger', 'signed-in', 'What became of it on every device.', later),
  row('GET /api/conversations/:id/gallery', 'signed-in', 'Pictures, files and links.', {
    query: { kind: '`media`, `files` or `links`', before },
    ...later,
  }),
  row('GET /api/conversations/:id/events', 'signed-in', 'Events of the conversation, to close a gap.', {
    query: { after: 'Revision, exclusive; left out it starts at 0', limit: 'At most 1,000; 500 if left out' },
    answers: 'events',
  }),

  row('GET /api/users', 'signed-in', 'People by id, handle or name; typos are forgiven.', {
    query: { query },
    answers: 'people',
  }),
  row('GET /api/users/:id', 'signed-in', 'A person.', { answers: 'person' }),
  row('GET /api/search/messages', 'signed-in', 'Messages that one may read.', {
    query: { query, conversation: 'Only in this one', cursor: before },
    ...later,
  }),
  row('POST /api/uploads', 'signed-in', 'Stores a file, or forwards one.', { status: 201, ...later }),
  row('GET /api/uploads/:id', 'signed-in', 'The file, or one range of it.', later),
  row('HEAD /api/uploads/:id', 'signed-in', 'Size and type of the file.', later),
  row('GET /api/uploads/:id/thumbnail', 'signed-in', 'A small picture of it.', later),
  row('POST /api/uploads/tus', 'signed-in', 'Begins a resumable upload.', { status: 201, ...later }),
  row('GET /api/themes', 'signed-in', "One's own themes and the ready-made.", later),
  row('GET /api/emojis', 'signed-in', "One's own emojis.", later),
  row('GET /api/preview', 'signed-in', 'What a link leads to.', { query: { url: 'The link' }, ...later }),
  row('GET /api/push/key', 'signed-in', 'Key for Web Push.', later),
  row('POST /api/push/subscriptions', 'signed-in', 'Pushes to this device.', { status: 201, ...later }),
  row('DELETE /api/push/subscriptions/:id', 'signed-in', 'Pushes no more.', { status: 204, ...later }),
  row('GET /api/calls/servers', 'signed-in', 'Servers that carry calls.', later),
  row('GET /api/discovery', 'anyone', 'Gateways, the least busy first.', later),

  row('GET /health', 'anyone', 'The process lives.'),
  row('GET /ready', 'anyone', 'It is ready to serve; details on loopback only.'),
  row('GET /metrics', 'operator', 'Figures in the text format of Prometheus.'),
  row('GET /api/openapi.json', 'anyone', 'This document.'),
  row('GET /api/asyncapi.json', 'anyone', 'The same for the socket.'),
]
