import type { ConversationId } from '@verbatim/protocol'
import { rooms, sinceJoining } from './cast.ts'
import type { Device } from './device.ts'
import type { World } from './world.ts'

/** One thing that can happen, and how often it does beside the others. */
type Deed = readonly [weight: number, what: string, run: (world: World) => void]

/** Drawn by their weights. */
export const drawn = ({ luck }: World): Deed => luck.oneOf(lots) ?? nothing
const nothing: Deed = [0, 'nothing', () => undefined]

const someone = ({ luck, devices }: World): Device | undefined => luck.oneOf(devices)
const somewhere = ({ luck }: World): ConversationId => luck.oneOf(rooms) ?? sinceJoining

const deeds: readonly Deed[] = [
  [40, 'says', (world) => say(world, someone(world), somewhere(world))],
  [14, 'touches', (world) => touch(world)],
  [8, 'comes or goes', (world) => comeOrGo(world)],
  [6, 'opens', (world) => someone(world)?.open.add(somewhere(world))],
  [3, 'reads', (world) => read(world)],
  [6, 'cuts', ({ luck, network }) => luck.oneOf([...network.wires])?.cut(luck.happens(0.2))],
  [
    6,
    'is away',
    (world) => {
      const device = someone(world)
      device?.lose()
      world.time.after(world.luck.delay(30_000), 'is back', () => device?.find())
    },
  ],
  [3, 'reloads', (world) => someone(world)?.reload()],
  [4, 'crashes', ({ server }) => server.crash()],
  [2, 'projects anew', ({ server }) => server.restartProjector()],
  [
    3,
    'sets a clock',
    (world) => {
      const ahead = world.luck.oneOf([-3_600_000, -60_000, 60_000, 3_600_000, 30 * 3_600_000]) ?? 0
      const clock = world.luck.happens(0.5) ? world.server.clock : someone(world)?.clock
      if (clock) clock.ahead = clock.ahead === 0 ? ahead : 0
    },
  ],
  [
    3,
    'stalls',
    ({ luck, server, time }) => {
      const lag = luck.happens(0.5) ? 'relay' : 'projector'
      const usual = lag === 'relay' ? 30 : 80
      server.lag[lag] = 4_000
      time.after(luck.delay(4_000), 'goes on', () => {
        server.lag[lag] = usual
      })
    },
  ],
]

const lots: readonly Deed[] = deeds.flatMap((deed) => Array.from({ length: deed[0] }, () => deed))

export const say = (world: World, device: Device | undefined, conversation: ConversationId): void => {
  if (!device?.sync.conversations.summary(conversation)) return
  const text = `${device.name}: ${world.words()}`
  device.sync.enqueue({ type: 'SendMessage', conversation, body: { text } })
  const item = device.sync.outbox.queue().find(({ command }) => 'body' in command && command.body.text === text)
  if (item) world.seen.record.sent({ id: item.command.id, conversation, sender: device.person.id, text })
}

const touch = (world: World): void => {
  const { luck } = world
  const [device, conversation] = [someone(world), somewhere(world)]
  const message = luck.oneOf(device?.sync.timelines.get(conversation)?.messages ?? [])
  if (!device || !message) return
  const about = { conversation, message: message.id }
  const isOwn = message.sender === device.person.id
  if (isOwn && luck.happens(0.3))
    device.sync.enqueue({ type: 'EditMessage', ...about, body: { text: `${device.name}: ${world.words()}` } })
  else if (isOwn && luck.happens(0.2)) device.sync.enqueue({ type: 'DeleteMessage', ...about })
  else device.sync.enqueue({ type: luck.happens(0.7) ? 'React' : 'Unreact', ...about, emoji: '👍' })
}

const comeOrGo = (world: World): void => {
  const { luck, devices } = world
  const [ada] = devices
  const conversation = somewhere(world)
  const other = luck.oneOf(devices.filter(({ person }) => person.id !== ada?.person.id))
  if (!ada || !other) return
  if (!world.members.isIn(other.person.id, conversation))
    void act(ada, { type: 'AddMember', conversation, user: other.person.id })
  else if (luck.happens(0.3)) void act(other, { type: 'Leave', conversation })
  else void act(ada, { type: 'RemoveMember', conversation, user: other.person.id })
}

const read = (world: World): void => {
  const [device, conversation] = [someone(world), somewhere(world)]
  const last = device?.sync.timelines.get(conversation)?.messages.at(-1)
  if (device && last) device.sync.markRead(conversation, last.revision)
}

export const act = (device: Device, draft: Parameters<Device['sync']['act']>[0]): Promise<unknown> =>
  device.sync.act(draft).catch(() => undefined)
