import type { ConversationId } from '@verbatim/protocol'
import { checkHistory, report } from '../check-history.ts'
import { recordingClient } from '../client.ts'
import { accepted } from '../load.ts'
import { type Account, register, ulid } from '../person.ts'
import { readWhole, recorder } from '../recorder.ts'

/** Two people who talk while others attack the server, and should not notice. */
export interface Bystanders {
  readonly people: readonly [Account, Account]
  readonly conversation: ConversationId
  /** Each says something, a few times; answers how long the slowest acknowledgement took, in milliseconds. */
  talk(): Promise<number>
  /** What is wrong with what they saw, in words; empty when nothing is. */
  judge(): Promise<string>
  leave(): void
}

/** Milliseconds after which an acknowledgement is missed. */
const PATIENCE = 15_000

export const bystanders = async (base: string): Promise<Bystanders> => {
  const record = recorder()
  const people = [await register(base, 'ada'), await register(base, 'bob')] as const
  const [ada, bob] = people
  const { conversation } = await accepted(base, ada, { type: 'OpenDirect', user: bob.id })
  const clients = people.map((person, at) => {
    const name = at === 0 ? 'ada' : 'bob'
    return { person, name, client: recordingClient({ name, base: () => base, token: () => person.token }, record) }
  })
  let said = 0
  const say = async ({ person, name, client }: (typeof clients)[number]): Promise<number> => {
    const id = ulid()
    const text = `${name} ${said++}`
    const sent = performance.now()
    let answer = ''
    record.sent({ id, conversation, sender: person.id, text })
    void client.send({ id, type: 'SendMessage', conversation, body: { text } }).then(({ type }) => {
      answer = type
    })
    await client.until(`the answer to ${text}`, () => answer !== '', PATIENCE)
    if (answer !== 'ack') throw new Error(`${text} was answered ${answer}`)
    return performance.now() - sent
  }
  return {
    people,
    conversation,
    async talk() {
      let slowest = 0
      for (let round = 0; round < 3; round++) slowest = Math.max(slowest, ...(await Promise.all(clients.map(say))))
      return slowest
    },
    async judge() {
      for (const { name, person } of clients)
        record.read({ reader: name, conversation, events: await readWhole(base, person.token, conversation) })
      const closes = clients.flatMap(({ name, client }) =>
        client.closes.map(({ code }) => `${name} was closed: ${code}`),
      )
      return [...closes, report(checkHistory(record.history()))].filter((line) => line !== '').join('\n')
    },
    leave() {
      for (const { client } of clients) client.close()
    },
  }
}
