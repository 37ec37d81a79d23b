import type { History, MessageId, Role, UserId } from '@verbatim/protocol'
import type { Conversation, Kept, Open } from './state.ts'

/** Of this form of the state. A snapshot of another version is ignored, and the state made from the events again. */
export const version = 1

/** The state as JSON for a snapshot. It holds ids, roles, revisions and digests, and none of the words. */
export const encode = (state: Conversation): unknown =>
  state.status === 'unstarted'
    ? null
    : ({
        kind: state.kind,
        history: state.history,
        members: [...state.members].map(([user, { role, joined }]) => [user, role, joined]),
        revision: state.revision,
        n: state.n,
        window: [...state.window].map(([message, kept]) => [message, encodeKept(kept)]),
        pins: [...state.pins],
        ...(state.name !== undefined && { name: state.name }),
      } satisfies Encoded)

export const decode = (stored: unknown): Conversation => {
  if (stored === null) return { status: 'unstarted' }
  const { kind, history, members, revision, n, window, pins, name } = stored as Encoded
  return {
    status: 'open',
    kind,
    history,
    members: new Map(members.map(([user, role, joined]) => [user, { role, joined }])),
    revision,
    n,
    window: new Map(window.map(([message, kept]) => [message, decodeKept(kept)])),
    pins: new Set(pins),
    ...(name !== undefined && { name }),
  }
}

type EncodedKept = Omit<Kept, 'reactions'> & { readonly reactions?: readonly (readonly [string, readonly UserId[]])[] }
type Encoded = {
  readonly kind: Open['kind']
  readonly history: History
  readonly members: readonly (readonly [UserId, Role, number])[]
  readonly revision: number
  readonly n: number
  readonly window: readonly (readonly [MessageId, EncodedKept])[]
  readonly pins: readonly MessageId[]
  readonly name?: string
}

const encodeKept = ({ reactions, ...kept }: Kept): EncodedKept =>
  reactions ? { ...kept, reactions: [...reactions].map(([emoji, people]) => [emoji, [...people]] as const) } : kept

const decodeKept = ({ reactions, ...kept }: EncodedKept): Kept =>
  reactions ? { ...kept, reactions: new Map(reactions.map(([emoji, people]) => [emoji, new Set(people)])) } : kept

/** Roughly what the state takes in memory, in bytes. */
export const weightOf = (state: Conversation): number => {
  if (state.status === 'unstarted') return 100
  let reactions = 0
  for (const kept of state.window.values())
    if (kept.reactions) for (const people of kept.reactions.values()) reactions += 2 + people.size
  return 400 + state.members.size * 120 + state.window.size * 180 + state.pins.size * 80 + reactions * 60
}
