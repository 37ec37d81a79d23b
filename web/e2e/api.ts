import { randomFillSync } from 'node:crypto'
import type { ConversationId, SignedIn, UserId } from '@verbatim/protocol'
import { groupId, ulids } from '@verbatim/protocol/ids'
import { password } from './people.ts'
import type { Server } from './server.ts'

const mint = ulids(Date.now, (into) => randomFillSync(into))

export type Account = { id: UserId; handle: string; token: string }
type Answer = { id: string; revision: number; conversation?: ConversationId }

/** The contract itself, for what a test takes for granted. */
export const api = (server: Server) => {
  const ask = async <T>(path: string, body: unknown, token?: string): Promise<T> => {
    const response = await fetch(server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    return JSON.parse(text)
  }
  const act = async (by: Account, type: string, fields: object): Promise<Answer> => {
    const id = mint()
    return { ...(await ask<Answer>('/api/commands', { id, type, ...fields }, by.token)), id }
  }
  return {
    act,
    register: async (handle: string, name: string): Promise<Account> => {
      const { user, accessToken } = await ask<SignedIn>('/api/auth/register', { handle, name, password })
      return { id: user.id, handle, token: accessToken }
    },
    direct: async (by: Account, user: Account): Promise<ConversationId> => {
      const { conversation } = await act(by, 'OpenDirect', { user: user.id })
      if (conversation === undefined) throw new Error('no conversation was opened')
      return conversation
    },
    group: async (by: Account, name: string, members: readonly Account[]): Promise<ConversationId> => {
      const conversation = groupId(mint())
      await act(by, 'StartGroup', { conversation, name, members: members.map(({ id }) => id) })
      return conversation
    },
    say: (by: Account, conversation: ConversationId, text: string, more: object = {}) =>
      act(by, 'SendMessage', { conversation, body: { text, ...more } }),
  }
}
