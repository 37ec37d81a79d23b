/**
 * Every reason for which something is refused, with its HTTP status. One table: a reason that is not here cannot be
 * answered. 404 for "not there" and "not yours" alike.
 */
export const refusals = {
  malformed: { status: 400, doc: 'The input is not what the schema says; `detail` names the first fault.' },
  'id-ahead': { status: 400, doc: 'The id is stamped more than 24 hours ahead of the server.' },
  'not-signed-in': { status: 401, doc: 'There is no valid access token, or its session has ended.' },
  'wrong-credentials': { status: 401, doc: 'The handle is unknown or the password is wrong.' },
  'not-allowed': { status: 403, doc: 'One may see it but not do this: the role or the authorship is missing.' },
  'wrong-origin': { status: 403, doc: 'The Origin header names a site that may not use this server.' },
  'not-found': { status: 404, doc: 'It is not there, or it is not yours.' },
  'not-yet': { status: 404, doc: 'The contract has it, this version of the server does not.' },
  'id-reused': { status: 409, doc: 'The same id was used with other content or by somebody else.' },
  'too-large': { status: 413, doc: 'The body or the frame is larger than the limit.' },
  'handle-taken': { status: 422, doc: 'The handle belongs to another account.' },
  'only-way-in': {
    status: 422,
    doc: 'It is the only way to sign in to the account: another one has to be linked first.',
  },
  'already-friends': { status: 422, doc: 'The two are friends already.' },
  'no-request': { status: 422, doc: 'There is no open request to answer or to cancel.' },
  blocked: { status: 422, doc: 'One of the two blocks the other.' },
  'friends-only': { status: 422, doc: 'The person lets only friends write and add.' },
  yourself: { status: 422, doc: 'That cannot be done with oneself.' },
  'no-such-person': { status: 422, doc: 'Nobody has that id.' },
  'conversation-exists': { status: 422, doc: 'A conversation with that id has been started before.' },
  'group-full': { status: 422, doc: 'The group has as many members as the server allows.' },
  'not-a-group': { status: 422, doc: 'That can only be done in a group.' },
  'last-admin': { status: 422, doc: 'The last admin names a successor before leaving or stepping down.' },
  'no-such-member': { status: 422, doc: 'That person is not a member of the conversation.' },
  'message-deleted': { status: 422, doc: 'The message has been deleted.' },
  'too-late': { status: 422, doc: 'The time in which that could be undone is over.' },
  'too-many': { status: 422, doc: 'The message or the conversation holds as many of these as it can.' },
  'too-fast': { status: 429, doc: 'More than the limit allows; `retryAfter` says when to try again.' },
  unavailable: {
    status: 503,
    doc: 'A part of the server does not answer; nothing is known to be lost, send it again.',
  },
  'disk-full': { status: 503, doc: 'The disk of the server is full: nothing was written, reading goes on.' },
  behind: { status: 503, doc: 'The read model has not reached the asked position within two seconds.' },
} as const satisfies Record<string, { status: number; doc: string }>

export type Reason = keyof typeof refusals
export const isReason = (text: string): text is Reason => Object.hasOwn(refusals, text)
export const reasons = Object.keys(refusals).filter(isReason)

/** Body of a refused HTTP request; on the socket it travels with the id of the command. */
export type Refusal = {
  readonly refused: Reason
  readonly detail?: string
  /** Seconds. Every 429 and 503 carries it. */
  readonly retryAfter?: number
}

export const refusal = (refused: Reason, detail?: string, retryAfter?: number): Refusal => {
  const seconds = retryAfter ?? (refusals[refused].status === 429 || refusals[refused].status === 503 ? 1 : undefined)
  return {
    refused,
    ...(detail !== undefined && { detail }),
    ...(seconds !== undefined && { retryAfter: seconds }),
  }
}
