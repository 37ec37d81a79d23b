import type { ConversationId } from '@verbatim/protocol'
import { type Client, recordingClient } from './client.ts'
import { type Account, command, register, ulid } from './person.ts'
import { type Recorder, readWhole } from './recorder.ts'

/** Who signs in again goes on with another token and cookie. */
export type Sender = Omit<Account, 'token' | 'cookie'> & {
  token: string
  cookie: string
  readonly name: string
  readonly client: Client
  readonly conversations: ConversationId[]
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export const chanceOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One of so many answers is lost, unless a test measures how long they take. */
const LOST = 40

/** A group of all, a group of the first half, and a direct conversation of each with the next. */
export const gather = async (
  base: string,
  names: readonly string[],
  recorder: Recorder,
  losesEach: number | undefined = LOST,
): Promise<Sender[]> => {
  const people: Sender[] = []
  for (const name of names) {
    const account = await register(base, name)
    const token = (): string => sender.token
    const client = recordingClient({ name, base: () => base, token, losesEach }, recorder)
    const sender: Sender = { ...account, name, client, conversations: [] }
    people.push(sender)
  }
  const half = people.slice(0, people.length / 2)
  for (const members of [people, half]) {
    const [first, ...others] = members
    const conversation = ulid()
    await accepted(base, first, { type: 'StartGroup', conversation, name: 'Tea', members: others.map(({ id }) => id) })
    for (const member of members) member.conversations.push(conversation as string as ConversationId)
  }
  for (const [n, one] of people.entries()) {
    const other = people[(n + 1) % people.length]
    const body = await accepted(base, one, { type: 'OpenDirect', user: other?.id })
    for (const member of [one, other]) member?.conversations.push(body.conversation)
  }
  return people
}

export const accepted = async (base: string, who: Account | undefined, fields: Parameters<typeof command>[2]) => {
  if (!who) throw new Error('nobody is there to send it')
  const { status, body } = await command(base, who, fields)
  if (status !== 200) throw new Error(`${fields.type} was answered ${status}: ${JSON.stringify(body)}`)
  return body as { id: string; revision: number; position: string; conversation: ConversationId }
}

/**
 * Sends to the conversations of a person by chance, at most `window` unanswered at a time, until `going` says no;
 * then waits for every answer. Answers how many were acknowledged.
 */
export const keepSending = async (
  { id: sender, name, client, conversations }: Sender,
  {
    chance,
    window,
    going,
    recorder,
  }: { chance: () => number; window: number; going: () => boolean; recorder: Recorder },
): Promise<number> => {
  const outstanding = new Set<Promise<unknown>>()
  let acknowledged = 0
  for (let n = 0; going(); n++) {
    const conversation = conversations[Math.floor(chance() * conversations.length)]
    if (!conversation) throw new Error(`${name} has nowhere to send to`)
    const id = ulid()
    const text = `${name} ${n}`
    recorder.sent({ id, conversation, sender, text })
    const answer = client.send({ id, type: 'SendMessage', conversation, body: { text } }).then(({ type }) => {
      outstanding.delete(answer)
      if (type === 'ack') acknowledged++
    })
    outstanding.add(answer)
    if (outstanding.size >= window) await Promise.race(outstanding)
    // The clients share this process and the machine with the server: a breath, or they measure only themselves.
    if (n % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 8))
  }
  await Promise.all(outstanding)
  return acknowledged
}

/** Writes down what each person is shown of each of their conversations, from beginning to end. */
export const readAll = async (base: string, people: readonly Sender[], recorder: Recorder): Promise<void> => {
  for (const { name, token, conversations } of people)
    for (const conversation of conversations)
      recorder.read({ reader: name, conversation, events: await readWhole(base, token, conversation) })
}
