import { cast, rooms, sinceJoining } from './cast.ts'
import { act, drawn, say } from './deeds.ts'
import type { World } from './world.ts'

/** Milliseconds that everybody has to come to rest. */
const REST = 240_000
/** Milliseconds, and a little more, after which a page tries again what did not work. */
const AGAIN_AFTER = 2_500

/** Plays one run: people write and come and go while things break, then everything is mended and comes to rest. */
export const play = async (world: World): Promise<void> => {
  const { time, luck, wrong } = world
  await begin(world)
  breakThings(world)
  const steps = 25 + luck.below(30)
  for (let n = 0; n < steps; n++) {
    const [, what, run] = drawn(world)
    time.write(what)
    run(world)
    await time.run(() => false, luck.delay(1_200))
  }
  mend(world)
  await comeToRest(world, 'after everything was mended')
  if (wrong.length > 0) return
  // Who is not subscribed hears nothing of this.
  for (const room of rooms)
    say(
      world,
      world.devices.find(({ person }) => world.members.isIn(person.id, room)),
      room,
    )
  await comeToRest(world, 'after the last word')
}

const begin = async (world: World): Promise<void> => {
  const { time, server, devices, wrong } = world
  server.start()
  await time.run(() => server.isAtRest() && world.disk.head() >= cast.length, 10_000)
  const [ada] = devices
  if (!ada) return
  const members = cast.filter(({ id }) => id !== ada.person.id).map(({ id }) => id)
  for (const conversation of rooms) {
    const history = conversation === sinceJoining ? ('since-joining' as const) : ('whole' as const)
    void act(ada, { type: 'StartGroup', conversation, name: 'Tea', members, history })
  }
  for (const device of devices) for (const room of rooms) if (world.luck.happens(0.7)) device.open.add(room)
  const isBegun = await time.run(
    () =>
      server.isAtRest() && devices.filter(({ sync }) => sync.conversations.list().length < rooms.length).length === 0,
    30_000,
  )
  if (!isBegun) wrong.push('it did not begin')
}

const breakThings = ({ luck, disk, network, server }: World): void => {
  const often = luck.oneOf([0, 0.03, 0.15]) ?? 0
  disk.faults.append = often
  disk.faults.read = often / 10
  network.faults.lostAnswer = luck.oneOf([0, 0.05, 0.2]) ?? 0
  network.faults.repeat = luck.oneOf([0, 0.1]) ?? 0
  server.faults.dyingAtCommit = luck.oneOf([0, 0.02]) ?? 0
  server.faults.dyingAtAppend = luck.oneOf([0, 0.05, 0.15]) ?? 0
}

const mend = ({ disk, network, server, devices }: World): void => {
  Object.assign(disk.faults, { append: 0, read: 0 })
  Object.assign(network.faults, { lostAnswer: 0, repeat: 0 })
  Object.assign(server.faults, { dyingAtCommit: 0, dyingAtAppend: 0 })
  server.clock.ahead = 0
  for (const wire of [...network.wires]) wire.cut()
  for (const device of devices) {
    device.clock.ahead = 0
    device.find()
    for (const room of rooms) device.open.add(room)
  }
}

const comeToRest = async (world: World, when: string): Promise<void> => {
  const { time, wrong } = world
  const rests = () => time.run(() => unrest(world) === undefined, REST)
  // Whoever found a model behind asks again by himself, a little later.
  const isAtRest = (await rests()) && !(await time.run(() => false, AGAIN_AFTER)) && (await rests())
  if (!isAtRest) wrong.push(`restless ${when}: ${unrest(world)}`)
}

/** What somebody still waits for. */
const unrest = (world: World): string | undefined => {
  const { server, network, devices, members } = world
  if (!server.isAtRest()) return 'the server is behind'
  if (network.requests() > 0) return 'a request is not answered'
  for (const device of devices) {
    const { sync, name } = device
    if (sync.connection.state().kind !== 'ready') return `${name} is not connected`
    const queued = sync.outbox.queue().find(({ state }) => state === 'queued')
    if (queued) return `${name} has not sent ${JSON.stringify(queued)}`
    for (const room of rooms) {
      const isMember = members.isIn(device.person.id, room)
      if (isMember && sync.timelines.get(room) === undefined) return `${name} does not show ${room}`
      if (isMember && sync.timelines.seen(room) < members.head(room)) return `${name} has not heard all of ${room}`
      if (!isMember && sync.timelines.get(room) !== undefined) return `${name} still shows ${room}`
    }
  }
  return undefined
}
