import type { EventLog, Recorded } from '@verbatim/services/event-log'
import { LogUnavailable, memoryEventLog, type Position } from '@verbatim/services/event-log'
import type { Luck } from './luck.ts'
import type { Life, Time } from './time.ts'

/** How an append goes: well, not at all, without an answer, or without one and later than anybody waits for it. */
type Fate = 'written' | 'refused' | 'unanswered' | 'late'
type Write = { readonly life: Life; orphan(): void }

export type Disk = ReturnType<typeof diskOf>

/** The log, which outlives every process that writes it. */
export const diskOf = ({ time, luck, seed }: { time: Time; luck: Luck; seed: number }) => {
  const faults = { append: 0, read: 0 }
  const writes = new Set<Write>()
  const events: { readonly event: Recorded; readonly happened: number }[] = []
  let next: { life: Life; fate: Fate } | undefined

  const write = (): Promise<void> => {
    const { life, fate } = next ?? { life: time.life('nobody'), fate: 'written' as const }
    return new Promise((resolve, reject) => {
      const done = (end: () => void) => () => {
        writes.delete(mine)
        end()
      }
      const fail = (why: string) => done(() => reject(new LogUnavailable(why, 'no')))
      const isLost = fate === 'refused' || (fate === 'late' && luck.happens(0.5))
      const end = isLost ? fail('it was not written') : done(resolve)
      let cancel = time.after(luck.delay(fate === 'late' ? 4_000 : 40), `the log writes: ${fate}`, end)
      const mine: Write = {
        life,
        orphan() {
          cancel()
          if (luck.happens(0.5)) fail('the process is gone')()
          else cancel = time.after(luck.below(4_000), 'the log writes for one who is gone', end)
        },
      }
      writes.add(mine)
    })
  }
  const log = memoryEventLog({ seed, log: `log-${seed}`, disk: write })

  // What there is and since when; it lags behind the log by no entry.
  log.follow(0, (batch) => {
    for (const event of batch)
      if (event.position > (events.at(-1)?.event.position ?? 0)) events.push({ event, happened: time.happened() })
  })

  const fateOfAppend = (): Fate => {
    if (!luck.happens(faults.append)) return 'written'
    return luck.oneOf(['refused', 'unanswered', 'late'] as const) ?? 'written'
  }

  return {
    faults,
    /** Everything that was ever written, with the number of the entry in which it was. */
    events: events as readonly { readonly event: Recorded; readonly happened: number }[],
    head: (): Position => events.at(-1)?.event.position ?? 0,
    read: log,
    /** Appends under way. */
    writing: (): number => writes.size,
    /** A process has died: of what it was writing some is still written, sooner or later, and some is not. */
    orphan(life: Life): void {
      for (const each of [...writes]) if (each.life === life) each.orphan()
    },
    /** As one process sees it. */
    openedBy(life: Life, lag: () => number): EventLog {
      const later = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
        await life.pause(luck.delay(15), what)
        if (luck.happens(faults.read)) throw new LogUnavailable('it did not answer', 'no')
        return life.lived(work())
      }
      return {
        log: log.log,
        async append(stream, expected, batch) {
          const fate = fateOfAppend()
          next = { life, fate }
          const written = life.lived(log.append(stream, expected, batch))
          next = undefined
          if (fate === 'late') {
            written.catch(() => undefined)
            await life.pause(luck.delay(300), 'hears nothing of an append')
            throw new LogUnavailable('no answer in time', 'unknown')
          }
          const appended = await written
          await life.pause(luck.delay(15), 'hears of its append')
          if (fate === 'unanswered') throw new LogUnavailable('the answer was lost', 'unknown')
          return appended
        },
        read: (stream, from, limit) => later('reads a stream', () => log.read(stream, from, limit)),
        last: (stream) => later('reads the last of a stream', () => log.last(stream)),
        find: (stream, id, command) => later('looks for an event', () => log.find(stream, id, command)),
        readAll: (after, limit) => later('reads on', () => log.readAll(after, limit)),
        head: () => later('asks for the head', () => log.head()),
        follow(after, onBatch) {
          let open = true
          const following = log.follow(after, async (batch) => {
            await life.pause(luck.delay(lag()), 'gets a batch')
            if (open) await onBatch(batch)
          })
          const close = async (): Promise<void> => {
            open = false
            await following.close()
          }
          life.onEnd(() => void close())
          return { close, ended: life.lived(following.ended) }
        },
        close: async () => undefined,
      }
    },
  }
}
