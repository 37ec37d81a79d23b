import {
  type Answer,
  type CommandId,
  type ConversationId,
  conversationStream,
  type DomainEvent,
  type EventType,
  type MessageId,
  type Order,
  type StreamName,
  type UserId,
} from '@verbatim/protocol'
import {
  ada,
  adasSession,
  bob,
  cleo,
  eve,
  idAt,
  noon,
  order,
  people,
  register,
  sendMessage,
  startGroup,
} from '@verbatim/protocol/examples'
import { type EventLog, LogUnavailable, memoryEventLog, type Recorded } from '@verbatim/services/event-log'
import { commandHandler } from './handler.ts'
import type { CommandHandler, CommandHandlerOptions, MessageFact, MessageFacts } from './port.ts'

/** How the next append of a stream goes wrong: not written, written without an answer, disk full, behind another writer. */
export type Fault = 'not written' | 'written' | 'disk full'

/** A log whose appends can be held back and made to fail. */
export type RiggedLog = EventLog & {
  /** The next appends, one fault each. */
  fail(...faults: Fault[]): void
  /** Appends to streams of that name wait until the returned function is called. */
  hold(name: StreamName): () => void
  /** Names of the streams that were appended to, in order. */
  readonly appends: StreamName[]
  /** Every read fails as long as it is set. */
  isDown: boolean
}

export const riggedLog = (log: EventLog = memoryEventLog()): RiggedLog => {
  const faults: Fault[] = []
  const held = new Map<StreamName, Promise<void>>()
  const up = (): void => {
    if (rigged.isDown) throw new LogUnavailable('the log is down', 'no')
  }
  const rigged: RiggedLog = {
    log: log.log,
    appends: [],
    isDown: false,
    fail: (...next) => void faults.push(...next),
    hold: (name) => {
      let release = () => {}
      held.set(name, new Promise<void>((resolve) => (release = resolve)))
      return () => {
        held.delete(name)
        release()
      }
    },
    async append(name, expected, events) {
      up()
      rigged.appends.push(name)
      await held.get(name)
      const fault = faults.shift()
      if (fault === 'not written') throw new LogUnavailable('it failed', 'no')
      if (fault === 'disk full') throw new LogUnavailable('no room', 'no', true)
      const appended = await log.append(name, expected, events)
      if (fault === 'written') throw new LogUnavailable('the answer was lost', 'unknown')
      return appended
    },
    async read(name, from, limit) {
      up()
      return log.read(name, from, limit)
    },
    async last(name) {
      up()
      return log.last(name)
    },
    async find(name, id, command) {
      up()
      return log.find(name, id, command)
    },
    readAll: (after, limit) => log.readAll(after, limit),
    head: () => log.head(),
    follow: (after, onBatch) => log.follow(after, onBatch),
    close: () => log.close(),
  }
  return rigged
}

/** Facts as a read model would have them that is never behind: made from the log each time. */
export const factsFrom = (log: EventLog): MessageFacts & { asked: number } => ({
  asked: 0,
  async messageFact(conversation, message) {
    this.asked++
    return factOf(await historyOf(log, conversation), message)
  },
  async isReadable(user, message) {
    this.asked++
    for (const { type, stream, json } of await log.readAll(0, 100_000))
      if (type === 'MessageSent' && JSON.parse(json).message === message)
        return (await membersOf(log, stream)).has(user)
    return false
  },
})

export type World = {
  readonly log: RiggedLog
  readonly handler: CommandHandler
  readonly facts: ReturnType<typeof factsFrom>
  /** Milliseconds since the epoch; may be set. */
  time: { now: number }
  readonly reported: unknown[]
  /** Hands a command over, from Ada unless it says otherwise. */
  say(command: Order['command'], by?: UserId): Promise<Answer>
  /** A handler that knows nothing yet, on the same log. */
  restarted(options?: Partial<CommandHandlerOptions>): World
}

/** Ada, Bob, Cleo and Eve have accounts; nothing else has happened. */
export const newWorld = async (options: Partial<CommandHandlerOptions> = {}, log = riggedLog()): Promise<World> => {
  const world = worldOn(log, options)
  for (const user of [ada, bob, cleo, eve]) await world.say(register({ id: user, handle: people.ada.handle }), user)
  return world
}

/** The same, and Ada has started the group with Bob and Cleo. */
export const newRoom = async (options: Partial<CommandHandlerOptions> = {}): Promise<World> => {
  const world = await newWorld(options)
  await world.say(startGroup())
  return world
}

const worldOn = (log: RiggedLog, options: Partial<CommandHandlerOptions>): World => {
  const time = { now: noon }
  const reported: unknown[] = []
  const facts = factsFrom(log)
  const handler = commandHandler({
    log,
    now: () => time.now,
    digestKey: new Uint8Array(32).fill(7),
    groupMembers: 250,
    messageFacts: facts,
    report: (error) => reported.push(error),
    wait: async () => {},
    ...options,
  })
  return {
    log,
    handler,
    facts,
    time,
    reported,
    say: (command, by = ada) => handler.handle(order(command, by, adasSession)),
    restarted: (more = {}) => worldOn(log, { ...options, ...more }),
  }
}

/** Ada's n-th message. */
export const message = (n: number, text = `${n}`) => sendMessage({ id: nth(n), body: { text } })
export const nth = (n: number): CommandId => idAt(10_000 + n)

export const historyOf = (log: EventLog, conversation: ConversationId): Promise<Recorded[]> =>
  streamOf(log, conversationStream(conversation))

export const streamOf = async (log: EventLog, name: StreamName): Promise<Recorded[]> => log.read(name, 0, 1_000_000)

export const typesOf = (events: readonly Recorded[]): EventType[] => events.map(({ type }) => type)
export const dataOf = ({ type, json }: Recorded): DomainEvent => ({ type, data: JSON.parse(json) }) as DomainEvent

/** Until everything that can go on by itself has gone on. */
export const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 200; turn++) await null
}

/** Whether it is answered by now. */
export const isAnswered = async (answer: Promise<Answer>): Promise<boolean> => {
  await quiet()
  return (await Promise.race([answer, quiet()])) !== undefined
}

const membersOf = async (log: EventLog, name: StreamName): Promise<Set<UserId>> => {
  const members = new Set<UserId>()
  for (const { type, data } of (await streamOf(log, name)).map(dataOf)) {
    if (type === 'GroupStarted' || type === 'DirectOpened') for (const user of data.members) members.add(user)
    if (type === 'MemberAdded') members.add(data.user)
    if (type === 'MemberRemoved' || type === 'MemberLeft') members.delete(data.user)
  }
  return members
}

const factOf = (history: readonly Recorded[], wanted: MessageId): MessageFact | undefined => {
  let fact: MessageFact | undefined
  const reactions = new Map<string, Set<UserId>>()
  for (const event of history) {
    const { type, data } = dataOf(event)
    if (!('message' in data) || data.message !== wanted) continue
    if (type === 'MessageSent')
      fact = { message: wanted, sender: event.actor, revision: event.revision, body: data.body, reactions: [] }
    if (!fact) continue
    if (type === 'MessageEdited') fact = { ...fact, body: data.body }
    if (type === 'MessageDeleted') fact = { ...fact, deleted: { by: event.actor, at: event.at } }
    if (type === 'MessageRestored') {
      const { deleted: _, ...restored } = fact
      fact = restored
    }
    if (type === 'ReactionAdded') reactions.set(data.emoji, (reactions.get(data.emoji) ?? new Set()).add(event.actor))
    if (type === 'ReactionRemoved') reactions.get(data.emoji)?.delete(event.actor)
  }
  const present = [...reactions].filter(([, users]) => users.size > 0)
  return fact && { ...fact, reactions: present.map(([emoji, users]) => ({ emoji, users: [...users] })) }
}
