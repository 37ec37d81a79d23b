import { conversationStream, groupId } from '@verbatim/protocol'
import { groupStarted, messageSent } from '@verbatim/protocol/examples'
import { chanceOf } from '../../faults/load.ts'
import { ulid } from '../../faults/person.ts'
import { withLog } from '../installation.rig.ts'

const GROUPS = 40
const AT_ONCE = 50

/** A log with so many messages of people who are not here, for a rebuild to be busy with. */
export const withHistory = (folder: string, messages: number): Promise<void> =>
  withLog(folder, async (append) => {
    const groups = Array.from({ length: GROUPS }, () => groupId(ulid()))
    for (const group of groups)
      await append(conversationStream(group), [groupStarted({ conversation: group, name: 'Before' })])
    for (let n = 0; n < messages / GROUPS; n += AT_ONCE)
      for (const group of groups)
        await append(
          conversationStream(group),
          Array.from({ length: AT_ONCE }, (_, at) =>
            messageSent({
              message: ulid(),
              n: n + at + 1,
              body: { text: `It was message ${n + at} of many` },
            }),
          ),
        )
  })

export type Glances = { readonly lists: number; readonly pages: number; readonly walks: number }
type Summary = { readonly id: string; readonly revision: number; readonly last?: unknown }
type Message = { readonly revision: number; readonly id: string }

/**
 * Reads as a client does, again and again, with the position of the last answer, until told to stop. Throws when a list
 * is not whole, a message is missing, or a position or a conversation goes back.
 */
export const keepReading = async (
  base: string,
  who: { readonly token: string; readonly conversations: readonly string[] },
  going: () => boolean,
): Promise<Glances> => {
  const chance = chanceOf(who.conversations.length)
  const seen = new Map<string, number>()
  let position = 0
  const glances = { lists: 0, pages: 0, walks: 0 }
  const ask = async <Body>(path: string): Promise<Body> => {
    const response = await fetch(base + path, {
      headers: { authorization: `Bearer ${who.token}`, 'x-verbatim-position': `${position}` },
    })
    const told = Number(response.headers.get('x-verbatim-position'))
    if (response.status !== 200) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    if (told < position) throw new Error(`${path} was answered at ${told} after ${position}`)
    position = told
    return (await response.json()) as Body
  }
  while (going()) {
    const { conversations } = await ask<{ conversations: Summary[] }>('/api/conversations?limit=100')
    glances.lists++
    if (conversations.length !== who.conversations.length)
      throw new Error(`a list of ${conversations.length} conversations, which were ${who.conversations.length}`)
    for (const { id, revision } of conversations) {
      if (revision < (seen.get(id) ?? -1)) throw new Error(`${id} went back from ${seen.get(id)} to ${revision}`)
      seen.set(id, revision)
    }
    const id = who.conversations[Math.floor(chance() * who.conversations.length)] ?? ''
    const page = await ask<{ messages: Message[]; more?: boolean }>(`/api/conversations/${id}/messages?limit=50`)
    glances.pages++
    whole(id, page.messages, seen.get(id) ?? 0)
    if (glances.pages % 20 === 0) {
      glances.walks++
      for (let { messages, more } = page; more; ) {
        const first = messages[0]?.revision ?? 0
        const before = await ask<typeof page>(`/api/conversations/${id}/messages?limit=100&before=${first}`)
        whole(id, before.messages, first - 1)
        messages = before.messages
        more = before.more ?? false
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return glances
}

/** Nothing but messages follows the first event of these conversations, so their revisions have no gaps. */
const whole = (id: string, messages: readonly Message[], upTo: number): void => {
  const last = messages.at(-1)?.revision ?? 0
  if (last < upTo) throw new Error(`a page of ${id} ends at ${last}, not at ${upTo}`)
  for (const [at, { revision }] of messages.entries())
    if (revision !== last - messages.length + 1 + at) throw new Error(`a page of ${id} has a hole at ${revision}`)
}

export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
