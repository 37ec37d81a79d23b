import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportRows, openModelReader, type Projected, type Step } from '@verbatim/projections/projector'
import {
  accountStream,
  type DataOf,
  type DomainEvent,
  directConversation,
  type EventId,
  type EventType,
  type FriendshipEventType,
  friendshipStream,
  preferencesStream,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'
import { ada, noon, people } from '@verbatim/protocol/examples'
import { onTestFinished } from 'vitest'
import { sqliteSocialGraph } from './queries.ts'
import { type SocialGraphWrite, socialGraph } from './social-graph.ts'
import { socialGraphExport, sqliteSocialGraphStore } from './store.ts'

/** What happened, event by event as a log would give it: a second after one another, so that order shows. */
export const happening = () => {
  const heads = new Map<StreamName, number>()
  const history: Projected[] = []
  const on = <T extends EventType>(stream: StreamName, event: { type: T; data: DataOf<T> }, actor = ada): Projected => {
    const revision = (heads.get(stream) ?? -1) + 1
    heads.set(stream, revision)
    const position = history.length + 1
    const id = `00000000-0000-5000-8000-${String(position).padStart(12, '0')}` as EventId
    const happened = { ...event, id, actor, at: noon + position * 1_000, stream, revision, position }
    history.push(happened as DomainEvent & typeof happened)
    return happened as DomainEvent & typeof happened
  }
  return {
    history,
    on,
    registers: (...who: readonly (keyof typeof people)[]) => {
      for (const { id: user, handle, name } of who.map((one) => people[one]))
        on(accountStream(user), { type: 'AccountRegistered', data: { user, handle, name } }, user)
    },
    between: (type: FriendshipEventType, from: UserId, to: UserId) =>
      on(friendshipStream(directConversation(from, to)), { type, data: { from, to } }, from),
    prefers: (user: UserId, event: { type: PreferenceType; data: DataOf<PreferenceType> }) =>
      on(preferencesStream(user), event, user),
  }
}
type PreferenceType = 'PreferencesSet' | 'ConversationPreferencesSet'

/** A model in a file of its own, filled batch by batch. */
export const model = () => {
  const folder = mkdtempSync(join(tmpdir(), 'graph-'))
  const file = join(folder, 'social_graph.db')
  const store = sqliteSocialGraphStore({ file })
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })
  const take = (events: readonly Projected[]) => store.apply(events.map(stepOf), 'log')
  return {
    take,
    setAside: (events: readonly Projected[]) =>
      store.apply(
        events.map((event) => ({ event, parked: 'set aside' })),
        'log',
      ),
    /** Takes events that were set aside. */
    settle: (events: readonly Projected[]) => store.settle(events.map(stepOf)),
    /** Takes a history and opens the model. */
    async after(history: readonly Projected[]) {
      await take(history)
      const graph = await sqliteSocialGraph({ file })
      onTestFinished(() => graph.close())
      return graph
    },
    async lines(): Promise<string[]> {
      const reader = await openModelReader(file)
      const lines = [...exportRows(reader.db, socialGraphExport)]
      reader.close()
      return lines
    },
  }
}

const stepOf = (event: Projected): Step<SocialGraphWrite> => {
  const handle = socialGraph.on[event.type] as ((event: Projected) => readonly SocialGraphWrite[]) | 'ignored'
  return { event, writes: handle === 'ignored' ? [] : handle(event) }
}
