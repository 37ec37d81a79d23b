import type { Parked } from '@verbatim/projections/projector'
import type { openLogReader, Recorded } from '@verbatim/services/event-log'
import { noteAct } from '../../embedded/journal.ts'
import { knownModels } from '../../embedded/models.ts'
import { type Adds, addCommand, addGroup, type Cli, type Options, tell } from '../cli.ts'
import { jsonOf, lineOf } from '../events.ts'
import { exits, Failure } from '../failure.ts'
import { existingLog, openedLog } from '../files.ts'
import { asOnlyWriter } from '../server.ts'
import { type DeadLetter, deadLettersOf } from '../set-aside.ts'
import { settledAlone } from '../settling.ts'
import { columns, many, printable } from '../text.ts'
import { modelNamed } from './rehearse.ts'

/** `verbatim dead-letters`: the events that a projection could not take, and what becomes of them. */
export const deadLetters: Adds = (program, cli) => {
  const group = addGroup(
    program,
    'dead-letters',
    'Events that a projection could not take, and those that wait behind them',
    'list',
  )
  addCommand(group, 'list', 'Lists them', 'list').action((options: Options) => list(cli, options))
  addCommand(group, 'show', 'Shows one with all that is stored of it', 'show timelines conversation-01J…')
    .argument('<projection>')
    .argument('<stream>')
    .action((projection: string, stream: string, options: Options) => show(cli, { projection, stream }, options))
  addCommand(group, 'retry', 'Tries again what is set aside of a stream, in order', 'retry timelines conversation-01J…')
    .argument('<projection>')
    .argument('<stream>')
    .action((projection: string, stream: string, options: Options) =>
      settle(cli, { act: 'retry', projection, stream }, options),
    )
  addCommand(
    group,
    'drop',
    'Gives up a failed event in this model for good (it stays in the log), and tries what waits behind it',
    'drop timelines conversation-01J… --reason "sent by the broken build of 3 May"',
  )
    .argument('<projection>')
    .argument('<stream>')
    .requiredOption('--reason <text>', 'why, for whoever looks later; kept in acts.jsonl')
    .action((projection: string, stream: string, options: Options & { reason: string }) =>
      settle(cli, { act: 'drop', projection, stream, reason: options.reason }, options),
    )
}

const list = async (cli: Cli, options: Options): Promise<void> => {
  existingLog(cli.folder)
  const found = (await Promise.all(knownModels.map((model) => deadLettersOf(cli.folder, model)))).flat()
  tell(cli, options, found, () =>
    found.length === 0
      ? ['no dead letters']
      : columns([
          ['projection', 'stream', 'position', 'waiting', 'reason'],
          ...found.map(({ projection, stream, position, waiting, reason }) => [
            projection,
            stream,
            `${position}`,
            `${waiting.length}`,
            printable(reason),
          ]),
        ]),
  )
}

type Named = { readonly projection: string; readonly stream: string }
const show = async (cli: Cli, named: Named, options: Options): Promise<void> => {
  const letter = await letterOf(cli.folder, named)
  const log = openedLog(cli.folder)
  try {
    const event = eventAt(log, letter.position)
    if (options.json) cli.print(`{"letter":${JSON.stringify(letter)},"event":${event ? jsonOf(event) : null}}`)
    else
      for (const line of [
        `${letter.projection} could not take ${letter.stream}@${letter.revision}: ${printable(letter.reason)}`,
        event ? lineOf(event, Number.POSITIVE_INFINITY) : 'the event was compacted away since',
        letter.waiting.length === 0
          ? 'nothing waits behind it'
          : `behind it wait the events at ${letter.waiting.join(', ')}`,
      ])
        cli.print(line)
  } finally {
    log.close()
  }
}

type Settling = Named & ({ readonly act: 'retry' } | { readonly act: 'drop'; readonly reason: string })
const settle = async (cli: Cli, order: Settling, options: Options): Promise<void> => {
  const { projection, stream } = order
  const letter = await letterOf(cli.folder, order)
  if (order.act === 'drop' && order.reason.trim() === '') throw new Failure('write a reason', exits.usage)
  const left = await asOnlyWriter<Parked | undefined>(cli.folder, {
    beside: (admin) =>
      order.act === 'retry' ? admin.retry(projection, stream) : admin.drop(projection, stream, order.reason),
    alone: async () => {
      if (order.act === 'drop') await noteAct(cli.folder, order, cli.now)
      return settledAlone(cli, order)
    },
  })
  const found = { ...order, position: letter.position, left: left ?? null }
  tell(cli, options, found, () =>
    left
      ? [
          `${projection} still cannot take ${stream}@${left.revision}: ${printable(left.reason)}`,
          `${many(left.waiting, 'event waits', 'events wait')} behind it`,
        ]
      : [
          `${projection} has everything of ${stream}${order.act === 'drop' ? ` but the event at ${letter.position}` : ''}`,
        ],
  )
  if (left) cli.endWith(exits.faults)
}

const letterOf = async (folder: string, { projection, stream }: Named): Promise<DeadLetter> => {
  existingLog(folder)
  const letter = (await deadLettersOf(folder, modelNamed(projection))).find((one) => one.stream === stream)
  if (!letter) throw new Failure(`${projection} has set nothing aside of ${stream}`, exits.missing)
  return letter
}

const eventAt = (log: ReturnType<typeof openLogReader>, position: number): Recorded | undefined => {
  const [event] = log.readAll(position - 1, 1)
  return event?.position === position ? event : undefined
}
