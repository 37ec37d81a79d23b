import { directPairs, type Player } from './cast.ts'
import { generate } from './generate.ts'
import type { Server } from './server.ts'

export type Filled = {
  readonly players: readonly Player[]
  readonly conversations: readonly string[]
  readonly messages: number
}

/** Sends at least so many messages through as many one-to-one conversations. */
export const fill = async (
  server: Server,
  { pairs, messages }: { pairs: number; messages: number },
  log: (line: string) => void,
): Promise<Filled> => {
  const { players, conversations, tokens } = await directPairs(server, pairs)
  const inFlight = Math.ceil(400 / pairs)
  let sent = 0
  while (sent < messages) {
    // About as long as what is left takes, so that little is sent beyond it.
    const seconds = Math.min(5, Math.max(0.5, (messages - sent) / 20_000))
    const job = { kind: 'flow', url: server.url, tokens, conversations, inFlight, seconds, warmUpSeconds: 0 } as const
    const run = await generate(job)
    sent += Object.values(run.acknowledged).reduce((sum, ids) => sum + ids.length, 0)
    log(`  ${sent.toLocaleString('en')} of ${messages.toLocaleString('en')} messages sent`)
  }
  return { players, conversations: conversations.map(({ id }) => id), messages: sent }
}
