import { randomFillSync } from 'node:crypto'
import { ulids } from '@verbatim/protocol'
import type { Server } from './server.ts'

const mint = ulids(Date.now, (into) => randomFillSync(into))
export type Player = { readonly user: string; readonly token: string }

/** People who signed up at the server, a few at a time: each costs a password hash. */
export const signUp = async (server: Server, count: number): Promise<Player[]> => {
  const players: Player[] = []
  while (players.length < count) {
    const group = Array.from({ length: Math.min(4, count - players.length) }, async () => {
      const handle = `p${mint().slice(-20).toLowerCase()}`
      const { user, accessToken } = await post(server, '/api/auth/register', {
        handle,
        name: 'Player',
        password: 'correct horse battery',
      })
      return { user: user.id, token: accessToken }
    })
    players.push(...(await Promise.all(group)))
  }
  return players
}

export const openDirect = async (server: Server, by: Player, user: string): Promise<string> =>
  (await post(server, '/api/commands', { id: mint(), type: 'OpenDirect', user }, by.token)).conversation

export const startGroup = async (server: Server, by: Player, members: readonly string[]): Promise<string> =>
  (
    await post(
      server,
      '/api/commands',
      { id: mint(), type: 'StartGroup', conversation: mint(), name: 'Room', members },
      by.token,
    )
  ).conversation

/** As many one-to-one conversations, each of two people of its own; sockets are numbered like `players`. */
export const directPairs = async (server: Server, count: number) => {
  const players = await signUp(server, 2 * count)
  const conversations: { id: string; senders: number[]; members: number[] }[] = []
  for (let i = 0; i < count; i++) {
    const [one, other] = [players[2 * i], players[2 * i + 1]]
    if (!one || !other) throw new Error('too few players')
    conversations.push({
      id: await openDirect(server, one, other.user),
      senders: [2 * i, 2 * i + 1],
      members: [2 * i, 2 * i + 1],
    })
  }
  return { players, conversations, tokens: players.map(({ token }) => token) }
}

/** Ids of the messages of a conversation, in the order of the log. */
export const loggedMessages = async (server: Server, by: Player, conversation: string): Promise<string[]> => {
  const ids: string[] = []
  for (let after = -1, more = true; more; ) {
    const response = await fetch(`${server.url}/api/conversations/${conversation}/events?after=${after}&limit=1000`, {
      headers: { authorization: `Bearer ${by.token}` },
    })
    if (!response.ok) throw new Error(`events: ${response.status} ${await response.text()}`)
    const page = await response.json()
    for (const event of page.events) if (event.type === 'MessageSent') ids.push(event.data.message)
    after = page.events.at(-1)?.revision ?? after
    more = page.more
  }
  return ids
}

const post = async (server: Server, path: string, body: unknown, token?: string) => {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
