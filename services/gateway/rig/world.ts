import type { Backlog, Timelines } from '@verbatim/projections/timelines'
import { type ConversationId, limits, type UserId } from '@verbatim/protocol'
import { type Live, localLive } from '@verbatim/services/live'

type Fact = {
  readonly position: number
  readonly conversation: ConversationId
  readonly revision: number
  readonly type: 'MessageSent' | 'MemberAdded' | 'MemberRemoved'
  readonly user: UserId
}
type Change = { readonly conversation: ConversationId; readonly type: Fact['type']; readonly user: UserId }

/**
 * Conversations in memory, a relay that tells of them as the real one does, and a model that is as far behind as a test
 * wants it to be.
 * @param sinceJoining whether members read only what came after their newest joining
 */
export const world = ({ sinceJoining = false } = {}) => {
  const facts: Fact[] = []
  const live: Live = localLive()
  let modelAt = 0
  let isHeld = false
  /** Commits that nobody has been told of yet. */
  const untold: Fact[][] = []
  const head = () => facts.at(-1)?.position ?? 0
  const heads = new Map<ConversationId, number>()

  /** Several changes as one commit: a conversation's frame is cut where somebody joins or leaves. */
  const commit = (...changes: Change[]): void => {
    untold.push(changes.map((change) => record(change)))
    if (!isHeld) tellAll()
  }
  const tellAll = (): void => {
    for (let next = untold.shift(); next; next = untold.shift())
      for (const conversation of new Set(next.map((fact) => fact.conversation)))
        tell(next.filter((fact) => fact.conversation === conversation))
  }
  const record = (change: Change): Fact => {
    const revision = (heads.get(change.conversation) ?? -1) + 1
    heads.set(change.conversation, revision)
    const fact = { ...change, revision, position: head() + 1 }
    facts.push(fact)
    return fact
  }
  const tell = (told: Fact[]): void => {
    let batch: Fact[] = []
    const flush = () => {
      const [first, last] = [batch[0], batch.at(-1)]
      batch = []
      if (first && last) live.publish(frameOf(first, last, facts))
    }
    for (const fact of told) {
      const { user, conversation, position } = fact
      if (fact.type === 'MemberAdded') {
        flush()
        live.publish({ kind: 'joined', user, conversation, position })
      }
      batch.push(fact)
      if (fact.type === 'MemberRemoved') {
        flush()
        live.publish({ kind: 'left', user, conversation, position })
      }
    }
    flush()
  }

  const isMember = (user: UserId, conversation: ConversationId, at: number): boolean =>
    facts.findLast(
      (fact) =>
        fact.position <= at && fact.conversation === conversation && fact.user === user && fact.type !== 'MessageSent',
    )?.type === 'MemberAdded'
  const upTo = (conversation: ConversationId, at: number) =>
    facts.filter((fact) => fact.conversation === conversation && fact.position <= at)

  const backlogOf = (user: UserId, conversation: ConversationId, revision: number): Backlog => {
    const known = upTo(conversation, modelAt)
    const last = known.at(-1)?.revision ?? -1
    const since = sinceJoining ? joinedAt(user, known) : 0
    const missed = known.filter((fact) => fact.revision > revision && fact.revision >= since)
    const reset = revision > last || missed.length > limits.resume.events
    return {
      conversation,
      events: reset ? [] : missed.map((fact) => JSON.stringify(publicEvent(fact))),
      reset,
      revision: last,
    }
  }
  const timelines: Pick<Timelines, 'memberships' | 'backlog'> = {
    memberships: async (user) => ({
      position: modelAt,
      value: [...heads.keys()]
        .filter((conversation) => isMember(user, conversation, modelAt))
        .map((conversation) => ({ conversation, revision: upTo(conversation, modelAt).at(-1)?.revision ?? -1 })),
    }),
    backlog: async (user, seen) => ({
      position: modelAt,
      value: seen
        .filter(({ conversation }) => isMember(user, conversation, modelAt))
        .map(({ conversation, revision }) => backlogOf(user, conversation, revision)),
    }),
  }
  return {
    live,
    timelines,
    commit,
    head,
    facts: facts as readonly Fact[],
    headOf: (conversation: ConversationId) => heads.get(conversation) ?? -1,
    isMember: (user: UserId, conversation: ConversationId) => isMember(user, conversation, head()),
    get modelAt() {
      return modelAt
    },
    /** Everything up to here was told. */
    get toldUpTo() {
      return (untold[0]?.[0]?.position ?? head() + 1) - 1
    },
    /** What is committed from now on is told only when it is released: the model may know it before. */
    hold() {
      isHeld = true
    },
    release() {
      isHeld = false
      tellAll()
    },
    /** The model comes so far; never backwards. */
    advance(position = head()) {
      modelAt = Math.max(modelAt, Math.min(position, head()))
    },
  }
}
export type World = ReturnType<typeof world>

const joinedAt = (user: UserId, known: readonly Fact[]): number =>
  known.findLast((fact) => fact.type === 'MemberAdded' && fact.user === user)?.revision ?? 0

const frameOf = (first: Fact, last: Fact, facts: readonly Fact[]) => {
  const { conversation, position } = last
  const events = facts
    .filter((fact) => fact.conversation === conversation && fact.revision >= first.revision)
    .filter((fact) => fact.revision <= last.revision)
    .map(publicEvent)
  return {
    kind: 'conversation' as const,
    conversation,
    first: first.revision,
    last: last.revision,
    position,
    frame: JSON.stringify({ type: 'events', conversation, events }),
  }
}

const publicEvent = ({ revision, type, user, position }: Fact) => ({
  revision,
  type,
  id: `00000000-0000-5000-8000-${`${position}`.padStart(12, '0')}`,
  actor: user,
  at: new Date(position).toISOString(),
  data: { n: position },
})
