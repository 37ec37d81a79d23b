import type { CommandId, UserId } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import { dropOldest } from './conversation/oldest.ts'

/** So many ids of each stream are known without a look-up. */
export const REMEMBERED = 256
/** Of so many actors it is kept apart how far their ids have fallen out. */
const ACTORS = 4_096

/** What a command that had an effect was answered with. */
export type Known = {
  readonly actor: UserId
  readonly digest: string
  /** Of its last event. */
  revision: number
  /** Of its last event; `undefined` until that is written. */
  position: Position | undefined
}

/**
 * The ids of a stream's commands. The newest are in the window; of each actor the greatest that fell out is kept, so
 * that a greater one is surely new and any other has to be looked up in the log.
 */
export type RecentIds = {
  readonly window: Map<CommandId, Known>
  readonly passed: Map<UserId, CommandId>
  /** The same for everybody, once there are too many actors to tell apart. */
  passedByAny?: CommandId
}

export const noIds = (): RecentIds => ({ window: new Map(), passed: new Map() })

export const remember = (ids: RecentIds, id: CommandId, known: Known): void => {
  ids.window.set(id, known)
  if (ids.window.size > REMEMBERED) forgetOldest(ids)
}

/** Not in the window, and not greater than what fell out of it. Asks per actor: a clock that is ahead slows only its owner. */
export const mayHavePassed = (ids: RecentIds, actor: UserId, id: CommandId): boolean => {
  if (ids.passedByAny !== undefined && id <= ids.passedByAny) return true
  const greatest = ids.passed.get(actor)
  return greatest !== undefined && id <= greatest
}

const forgetOldest = (ids: RecentIds): void => {
  const oldest = dropOldest(ids.window)
  if (!oldest) return
  const [id, { actor }] = oldest
  const greatest = ids.passed.get(actor)
  if (greatest === undefined || id > greatest) ids.passed.set(actor, id)
  if (ids.passed.size > ACTORS) mergeActors(ids)
}

const mergeActors = (ids: RecentIds): void => {
  for (const id of ids.passed.values()) if (ids.passedByAny === undefined || id > ids.passedByAny) ids.passedByAny = id
  ids.passed.clear()
}

type Encoded = {
  readonly window: readonly (readonly [CommandId, UserId, string, number, Position])[]
  readonly passed: readonly (readonly [UserId, CommandId])[]
  readonly passedByAny?: CommandId
}

/** A copy that stays as it is; `position` of what is being written is read only when the returned function is called. */
export const encodeIds = (ids: RecentIds): (() => Encoded) => {
  const window = [...ids.window]
  const passed = [...ids.passed]
  const { passedByAny } = ids
  return () => ({
    window: window.map(([id, { actor, digest, revision, position = 0 }]) => [id, actor, digest, revision, position]),
    passed,
    ...(passedByAny !== undefined && { passedByAny }),
  })
}

export const decodeIds = (stored: unknown): RecentIds => {
  const { window, passed, passedByAny } = stored as Encoded
  return {
    window: new Map(
      window.map(([id, actor, digest, revision, position]) => [id, { actor, digest, revision, position }]),
    ),
    passed: new Map(passed),
    ...(passedByAny !== undefined && { passedByAny }),
  }
}
