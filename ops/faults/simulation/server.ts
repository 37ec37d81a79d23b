import { type Db, inMemory, modelReader } from '@verbatim/projections/projector'
import { sqliteTimelines, type Timelines } from '@verbatim/projections/timelines'
import { noon } from '@verbatim/protocol/examples'
import { type EventLog, LogUnavailable } from '@verbatim/services/event-log'
import { cast, sessionOf } from './cast.ts'
import type { Life } from './time.ts'
import { type Wired, type WiringParts, wired } from './wiring.ts'

export type ServerParts = Pick<WiringParts, 'time' | 'luck' | 'disk' | 'network'> & {
  /** What is to go on has not. */
  readonly failed: (what: string) => void
}
export type Server = ReturnType<typeof serverOf>

/** A process on the disk, which is started again whenever it has died. */
export const serverOf = ({ failed, ...parts }: ServerParts) => {
  const { time, luck, disk } = parts
  const clock = { ahead: 0 }
  const faults = { dyingAtCommit: 0, dyingAtAppend: 0 }
  const lag = { relay: 30, projector: 80 }
  const db: Db = inMemory()
  let process: Life | undefined
  let running: Wired | undefined
  let projecting: Life | undefined
  let starts = 0

  let read: EventLog['read'] = async () => []
  let reader: Timelines | undefined
  /** Preparing its statements takes longer than all that a process asks: all of them use the same. */
  const readBy = (from: EventLog['read']): Timelines => {
    read = from
    reader ??= sqliteTimelines({ model: modelReader(db), log: { read: (...page) => read(...page) } })
    return reader
  }

  /** What the log is to blame for will pass; nothing else is expected to fail. */
  const told = (error: unknown): void => {
    if (!(error instanceof LogUnavailable)) failed(error instanceof Error ? `${error.stack}` : String(error))
  }
  const die = (why: string): void => {
    time.write(`the server dies ${why}`)
    crash()
  }
  const wiring: WiringParts = {
    ...parts,
    db,
    lag,
    readBy,
    mortality: { luck, faults, die },
    now: () => noon + time.now() + clock.ahead,
    failed: told,
  }

  const start = (): void => {
    const mine = time.life(`server ${++starts}`)
    process = mine
    if (db.inTransaction) db.exec('ROLLBACK')
    mine.lived(wired(mine, wiring)).then(
      (up) => {
        running = up
        projecting = up.projecting
        if (starts === 1) register(up)
      },
      (error) => {
        told(error)
        crash()
      },
    )
  }
  const register = ({ commands }: Wired): void => {
    for (const { id, handle, name } of cast)
      void commands.handle({
        command: { id, type: 'Register', handle: handle ?? '', name: name ?? '' },
        by: id,
        session: sessionOf(id),
      })
  }
  const crash = (): void => {
    const died = process
    if (!died) return
    process = running = undefined
    died.end()
    disk.orphan(died)
    time.after(100 + luck.delay(2_000), 'the server starts again', start)
  }

  return {
    db,
    clock,
    faults,
    lag,
    start,
    crash,
    starts: (): number => starts,
    restartProjector(): void {
      projecting?.end()
      projecting = running?.project()
    },
    /** Everything that is written was told and is in the model. */
    isAtRest: (): boolean =>
      running !== undefined &&
      disk.writing() === 0 &&
      running.telling.position() >= disk.head() &&
      (running.models.state().timelines?.position ?? -1) >= disk.head(),
    /** Asked without a process in between. */
    asked: (): Timelines => readBy((...page) => disk.read.read(...page)),
  }
}
