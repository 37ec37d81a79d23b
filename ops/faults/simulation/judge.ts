import { isDeepStrictEqual } from 'node:util'
import { exportRows, hashOf, inMemory, model, runProjections } from '@verbatim/projections/projector'
import { publicEventJson } from '@verbatim/projections/relay'
import { timelines, timelinesExport, timelinesStore } from '@verbatim/projections/timelines'
import type { ConversationId, MessageView, PublicEvent } from '@verbatim/protocol'
import type { Recorded } from '@verbatim/services/event-log'
import { drawnNotices } from '@verbatim/web/sync'
import { checkHistory } from '../check-history.ts'
import type { History, Violation } from '../history.ts'
import { rooms, sinceJoining } from './cast.ts'
import type { Device } from './device.ts'
import type { Shown } from './seen.ts'
import type { World } from './world.ts'

/** What people saw and should not have, in words. */
export const judgeSights = (world: World): string[] => [
  ...seenWrong(world).map(({ kind, detail }) => `${kind}: ${detail}`),
  ...world.seen.shown.flatMap((shown) => leaks(world, shown)),
]

/** The same, and what is wrong with the end of a run that came to rest. */
export const judge = async (world: World): Promise<string[]> => [
  ...judgeSights(world),
  ...(await modelIsTheLog(world)),
  ...(await screensAreThePages(world)),
]

/** Two devices of one person keep each their own order, so these are looked at with one of the two at a time. */
const seenWrong = (world: World): Violation[] => {
  const history = historyOf(world)
  const [one, other] = [world.devices.at(0), world.devices.at(-1)]
  const without = (device: Device | undefined) =>
    checkHistory({
      sends: history.sends.filter(({ text }) => !text.startsWith(`${device?.name}:`)),
      sights: [],
      readings: [],
      resets: [],
    })
  return [
    ...checkHistory(history).filter(({ kind }) => kind !== 'inversion'),
    ...[one, other].flatMap((device) => without(device).filter(({ kind }) => kind === 'inversion')),
  ]
}

/** As the log tells it: what was withheld from somebody, because it was deleted or before his time, is put back. */
const historyOf = ({ seen, members }: World): History => {
  const { sends, sights, resets } = seen.record.history()
  const told = new Map(rooms.map((room) => [room, members.of(room).map(({ event }) => asTold(event))]))
  const whole = (conversation: ConversationId, event: PublicEvent): PublicEvent => {
    const isWithheld = 'body' in event.data && event.data.body === null
    return (isWithheld && told.get(conversation)?.[event.revision]) || event
  }
  return {
    sends,
    sights: sights.map((sight) => ({
      ...sight,
      events: sight.events.map((event) => whole(sight.conversation, event)),
    })),
    readings: [...told].map(([conversation, events]) => ({ reader: 'the log', conversation, events })),
    // Who was away while he was removed and added again reads afresh; who is ahead of the log was told what is not there.
    resets: resets.filter(({ conversation, after = -1 }) => after > members.head(conversation)),
  }
}

/** As everybody is told it who may hear all of it. */
const asTold = (event: Recorded): PublicEvent => {
  const { unseenBy: _, ...data } = JSON.parse(event.json) as Record<string, unknown>
  return JSON.parse(publicEventJson(event, JSON.stringify(data)))
}

/** Of what was sent to somebody, what was not his in that moment. */
const leaks = ({ members }: World, { user, conversation, revisions, happened }: Shown): string[] => {
  const then = members.of(conversation).filter((one) => one.happened <= happened)
  const isHis = (revision: number): boolean => {
    const from = Math.max(0, revision - 1)
    const until = conversation === sinceJoining ? revision + 1 : then.length
    return then.slice(from, until).some((one) => one.members.has(user))
  }
  return revisions
    .filter((revision) => !isHis(revision))
    .map((revision) => `leak: ${user} was sent ${revision} of ${conversation} while he was no member`)
}

const modelIsTheLog = async ({ server, disk }: World): Promise<string[]> => {
  const db = inMemory()
  const { read } = disk
  let reached = (): void => undefined
  const whole = new Promise<void>((resolve) => {
    reached = resolve
  })
  const running = runProjections({
    models: [model(timelines, timelinesStore(db))],
    log: {
      log: read.log,
      readAll: (after, limit) => read.readAll(after, limit),
      head: () => read.head(),
      follow: (after, onBatch) => read.follow(after, onBatch),
    },
    onProgress: ({ position }) => {
      if (position >= disk.head()) reached()
    },
  })
  await whole
  const [live, fresh] = [server.db, db].map((one) => hashOf(exportRows(one, timelinesExport)))
  await running.close()
  return live === fresh ? [] : ['model: it says something else than one that is projected from zero']
}

/** A screen keeps the reactions of a deleted message, in case it is restored; a page does not tell them. */
const tombstone = (message: MessageView): MessageView => (message.deleted ? { ...message, reactions: [] } : message)

const screensAreThePages = async ({ server, devices, members }: World): Promise<string[]> => {
  const asked = server.asked()
  const wrong: string[] = []
  for (const { name, person, sync } of devices) {
    const compare = (what: string, screen: readonly unknown[], page: readonly unknown[] = []): void => {
      const at = [...screen, ...page].findIndex((_, n) => !isDeepStrictEqual(screen[n], page[n]))
      if (at === -1) return
      const [shown, read] = [JSON.stringify(screen[at]), JSON.stringify(page[at])]
      wrong.push(`screen: of the ${what} of ${name} ${at} is ${shown}, and read afresh ${read}`)
    }
    for (const room of rooms) {
      const shown = sync.timelines.get(room)
      if (!shown || !members.isIn(person.id, room)) continue
      const limit = Math.max(1, shown.messages.length)
      const { value: page } = await asked.messages(person.id, room, { limit })
      compare('messages', shown.messages.map(tombstone), page?.messages.map(tombstone))
      const first = shown.moreBefore ? (shown.messages[0]?.revision ?? 0) : 0
      const isDrawn = ({ type, revision }: { type: string; revision: number }) =>
        revision >= first && drawnNotices.has(type)
      compare('notices', shown.notices.filter(isDrawn), page?.notices.filter(isDrawn))
    }
    const { value: list } = await asked.conversations(person.id, { limit: 30 })
    const rows = sync.conversations.list().map(({ id, revision, readUpTo, unread }) => {
      // A mark that was lost on the way is made again with the next look: till then the screen knows better.
      const read = list.conversations.find((row) => row.id === id)
      return read && readUpTo > read.readUpTo ? { id, revision, unread: read.unread } : { id, revision, unread }
    })
    compare(
      'conversations',
      rows,
      list.conversations.map(({ id, revision, unread }) => ({ id, revision, unread })),
    )
  }
  return wrong
}
