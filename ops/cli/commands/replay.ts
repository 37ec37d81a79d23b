import { asStreamName, CATEGORIES, type EventType, eventSchemas } from '@verbatim/protocol'
import type { LogReader, Position, Recorded } from '@verbatim/services/event-log'
import { Option } from 'commander'
import { type Adds, addCommand, type Cli, type Options } from '../cli.ts'
import { isWanted, jsonOf, lineOf, pagesAfter, type Wanted } from '../events.ts'
import { exits, Failure } from '../failure.ts'
import { openedLog } from '../files.ts'
import { momentOf, numberFrom } from '../times.ts'
import { rehearse } from './rehearse.ts'

/** `verbatim replay`: prints events as they are in the log. */
export const replay: Adds = (program, cli) => {
  const at = momentOf(cli.now)
  addCommand(
    program,
    'replay',
    'Prints events in the order of the log, and follows it if asked',
    'replay --category conversation --since 90m --json',
  )
    .option('--stream <name>', 'only this stream, for instance account-01J…')
    .addOption(new Option('--category <category>', 'only streams of this kind').choices(CATEGORIES))
    .addOption(new Option('--type <type>', 'only events of this type').choices(Object.keys(eventSchemas)))
    .option('--actor <user>', 'only what this person did, by id')
    .option('--since <time>', 'only from this time on: 2026-11-25T08:30:00Z, or 90m ago', at)
    .option('--until <time>', 'only before this time', at)
    .option('--after <position>', 'only after this position', numberFrom(0), 0)
    .option('--limit <count>', 'at most so many', numberFrom(1))
    .option('--follow', 'goes on with what comes, until Ctrl-C')
    .option('--rehearse <projection>', 'instead: runs this code of a projection over the log into a scratch model')
    .action((options: ReplayOptions) =>
      options.rehearse === undefined ? print(cli, options) : rehearse(cli, options.rehearse, options),
    )
}

type ReplayOptions = Options & {
  readonly stream?: string
  readonly category?: string
  readonly type?: EventType
  readonly actor?: string
  readonly since?: number
  readonly until?: number
  readonly after: number
  readonly limit?: number
  readonly follow?: boolean
  readonly rehearse?: string
}

/** Milliseconds between two looks at a log that is followed. */
const LOOK_AGAIN = 100

const print = async (cli: Cli, options: ReplayOptions): Promise<void> => {
  const { after, limit = Number.POSITIVE_INFINITY, follow, json, stream, ...rest } = options
  const wanted: Wanted = { ...rest, ...(stream !== undefined && { stream: asStreamName(stream) }) }
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY
  const log = openedLog(cli.folder)
  let left = limit
  const tell = (event: Recorded): void => {
    left--
    cli.print(json ? jsonOf(event) : lineOf(event, width))
  }
  try {
    if (wanted.stream !== undefined && !follow && log.last(wanted.stream) === undefined)
      throw new Failure(`there is no stream ${stream}`, exits.missing)
    // A stream is read by its index once; what comes later is seen in the log as a whole.
    let seen = Math.max(log.head(), after)
    await pass(log, {
      after,
      wanted,
      byStream: true,
      cli,
      isDone: () => left <= 0,
      tell: (event) => event.position <= seen && tell(event),
    })
    while (follow && left > 0 && !cli.interrupted.aborted) {
      await cli.pause(LOOK_AGAIN)
      seen = await pass(log, { after: seen, wanted, byStream: false, cli, isDone: () => left <= 0, tell })
    }
  } finally {
    log.close()
  }
}

type Pass = {
  readonly after: Position
  readonly wanted: Wanted
  readonly byStream: boolean
  readonly cli: Cli
  isDone(): boolean
  tell(event: Recorded): unknown
}
/** Tells what is there now; answers up to where. */
const pass = async (log: LogReader, { after, wanted, byStream, cli, isDone, tell }: Pass): Promise<Position> => {
  const is = isWanted(wanted)
  let seen = after
  for (const page of pagesAfter(log, after, byStream ? wanted.stream : undefined)) {
    for (const event of page) {
      if (isDone()) return seen
      if (is(event)) tell(event)
      seen = event.position
    }
    // Lets Ctrl-C in, and what was printed out.
    await new Promise((resolve) => setImmediate(resolve))
    if (cli.interrupted.aborted) break
  }
  return seen
}
