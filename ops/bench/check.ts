import { setTimeout as sleep } from 'node:timers/promises'
import { loggedMessages, type Player } from './cast.ts'
import type { Result } from './generator/job.ts'
import type { Server } from './server.ts'

/**
 * Acknowledged against logged: every acknowledged message is in the log of its conversation, once.
 * @throws when one is lost or doubled: the run has no score then
 */
export const checkAcknowledged = async (
  server: Server,
  { acknowledged }: Result,
  readerOf: (conversation: string) => Player,
): Promise<number> => {
  let checked = 0
  for (const [conversation, ids] of Object.entries(acknowledged)) {
    const logged = await caughtUp(server, readerOf(conversation), conversation, ids)
    const set = new Set(logged)
    if (set.size !== logged.length)
      throw new Error(`no score: ${logged.length - set.size} messages of ${conversation} are doubled`)
    const lost = ids.filter((id) => !set.has(id))
    if (lost.length > 0) throw new Error(`no score: ${lost.length} acknowledged messages of ${conversation} are lost`)
    checked += ids.length
  }
  return checked
}

/** The read model may be behind the log for a moment; what was acknowledged has to arrive in it. */
const caughtUp = async (
  server: Server,
  reader: Player,
  conversation: string,
  ids: readonly string[],
): Promise<string[]> => {
  for (let waited = 0; ; waited += 100) {
    const logged = await loggedMessages(server, reader, conversation)
    if (logged.length >= ids.length || waited > 60_000) return logged
    await sleep(100)
  }
}
