import type { Position } from '@verbatim/services/event-log'
import type { Log } from '@verbatim/services/gateway'
import type { Identity, IdentityStore, KnownHandle } from '@verbatim/services/identity'
import type { Calls } from '@verbatim/services/threads'
import type { Admin, ServerStatus } from './admin.ts'
import { type Act, noteAct } from './journal.ts'
import type { ProjectorRequests } from './models.ts'
import type { ReadModels } from './read-models.ts'
import type { Rebuilding } from './rebuild/rebuilding.ts'

export type Administered = {
  readonly folder: string
  readonly about: Pick<ServerStatus, 'sockets' | 'since' | 'log' | 'port'>
  readonly head: () => Promise<Position>
  readonly models: ReadModels
  readonly projector: Calls<ProjectorRequests>
  readonly rebuilds: Rebuilding
  readonly who: Pick<Identity, 'resetPassword' | 'endAllSessions'>
  readonly store: Pick<Calls<IdentityStore>, 'handle' | 'sessions' | 'setAdmin'>
  readonly log: Log
}

/** What an operator asks of a running server, done with its parts; each act is noted. */
export const administering = (parts: Administered): Admin => {
  const { folder, about, models, projector, rebuilds, who, store, log } = parts
  const note = async (act: Act): Promise<void> => {
    log.info(act, 'an operator acted')
    await noteAct(folder, act)
  }
  const account = async (handle: unknown): Promise<KnownHandle> => {
    const known = await store.handle(word(handle).toLowerCase())
    if (!known?.confirmed) throw new NobodyNamed(word(handle))
    return known
  }

  return {
    status: async () => ({
      ...about,
      pid: process.pid,
      node: process.version,
      head: await parts.head(),
      models: models.state(),
    }),
    async retry(projection, stream) {
      return projector.retry(word(projection), word(stream))
    },
    async drop(projection, stream, reason) {
      // Noted first: after a crash in between, an event that was not dropped is told as dropped, and can be again.
      await note({ act: 'drop', projection: word(projection), stream: word(stream), reason: word(reason) })
      return projector.drop(projection, stream)
    },
    async startRebuild(projections, acceptDifferences) {
      const wanted = projections.map(word)
      await rebuilds.start(wanted, acceptDifferences === true)
      await note({ act: 'rebuild', projections: wanted.join(' '), acceptDifferences: acceptDifferences === true })
    },
    async startRollBack(projection) {
      await rebuilds.startRollBack(word(projection))
      await note({ act: 'roll-back', projection })
    },
    rebuildNews: async () => rebuilds.news(),
    stopRebuild: () => rebuilds.stop(),
    async dropOld(projection) {
      const generation = await rebuilds.dropOld(word(projection))
      await note({ act: 'drop-old', projection, generation })
      return generation
    },
    async resetPassword(handle, password) {
      const { user } = await account(handle)
      const ended = (await store.sessions(user)).length
      const outcome = await who.resetPassword(handle, word(password))
      if (outcome.kind === 'denied') throw new Error(outcome.detail ?? outcome.reason)
      await note({ act: 'reset-password', user })
      return { user, ended }
    },
    async signOut(handle) {
      const { user } = await account(handle)
      const ended = await who.endAllSessions(user)
      await note({ act: 'sign-out', user, ended })
      return { user, ended }
    },
    async setAdmin(handle, is) {
      const { user } = await account(handle)
      const changed = await store.setAdmin(user, is === true)
      if (changed) await note({ act: is === true ? 'make-admin' : 'unmake-admin', user })
      return { user, changed }
    },
  }
}

/** By its name it is known again at the other end of the socket. */
export class NobodyNamed extends Error {
  constructor(handle: string) {
    super(`nobody has the handle ${handle}`)
    this.name = 'NobodyNamed'
  }
}

/** From outside of the process, if only from its owner. */
const word = (value: unknown): string => {
  if (typeof value !== 'string' || value === '' || value.length > 2_000)
    throw new Error('a text is missing or too long')
  return value
}
