import { existsSync, statSync } from 'node:fs'
import { openLogReader } from '@verbatim/services/event-log'
import type { ServerStatus } from '../../embedded/admin.ts'
import { readSettings, type Settings, WrongSettings } from '../../embedded/settings.ts'
import { sentenceOf } from '../../sentence.ts'
import { type Adds, addCommand, type Cli, type Options, tell } from '../cli.ts'
import { clock } from '../doctor/clock.ts'
import { type Finding, fine, look, wrong } from '../doctor/finding.ts'
import { disk, permissions } from '../doctor/folder.ts'
import { openFiles, port } from '../doctor/process.ts'
import { nodeVersion, sockets, sqlite } from '../doctor/versions.ts'
import { exits } from '../failure.ts'
import { logFile } from '../files.ts'
import { locked, type SilentServer, serverNow, silentWords } from '../server.ts'
import { sizeOf } from '../text.ts'

/** `verbatim doctor`: whether this machine is fit to run it, and what to do where it is not. */
export const doctor: Adds = (program, cli) => {
  addCommand(
    program,
    'doctor',
    'Looks at what the server stands on, and says what to do where something is wrong',
    'doctor',
  ).action(async (options: Options) => {
    const findings = await examined(cli)
    tell(cli, options, findings, () => findings.flatMap(linesOf))
    if (findings.some(({ state }) => state === 'wrong')) cli.endWith(exits.faults)
  })
}

const examined = async (cli: Cli): Promise<Finding[]> => {
  const { settings, finding } = settingsOf(cli)
  const now = await serverNow(cli.folder)
  const silent = now && 'silent' in now ? now : undefined
  const server = now && 'silent' in now ? undefined : now
  return [
    finding,
    nodeVersion(process.version),
    sqlite(),
    await sockets(settings?.SOCKETS ?? 'auto'),
    permissions(cli.folder, process.getuid?.()),
    disk(cli.folder),
    ...logOf(cli),
    openFiles(now?.pid ?? 'self'),
    await portOf(settings, now),
    ...(silent?.connected ? [hanging(silent)] : holderOf(cli.folder, server)),
  ]
}

const settingsOf = ({ environment }: Cli): { settings?: Settings; finding: Finding } => {
  try {
    return { settings: readSettings(environment), finding: fine('settings', 'make sense') }
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error
    return { finding: wrong('settings', error.mistakes.join('; '), 'node ops/dist/main.js --settings lists them all') }
  }
}

/** How much of the end of the log tells how the clock went. */
const LAST = 1_000
/** Bytes. The server keeps it below 64 MB unless somebody reads one moment for very long. */
const LARGE_WAL = 512_000_000

const logOf = ({ folder, now }: Cli): Finding[] => {
  const file = logFile(folder)
  if (!existsSync(file))
    return [clock([], now()), look('log', 'there is none yet', 'the server begins one when it starts')]
  const wal = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
  const large =
    wal > LARGE_WAL
      ? [
          look(
            'log',
            `${sizeOf(wal)} wait to be written into it`,
            'see that no verify or backup has been going on for hours; a restart of the server clears it',
          ),
        ]
      : []
  try {
    const log = openLogReader(file)
    const times = log.readAll(Math.max(0, log.head() - LAST), LAST).map(({ at }) => at)
    log.close()
    return [clock(times, now()), ...(large.length > 0 ? large : [fine('log', 'its end can be read')])]
  } catch (error) {
    return [
      clock([], now()),
      wrong('log', sentenceOf(error), 'npx verbatim verify tells where; restore a backup if it is the log'),
    ]
  }
}

const portOf = async (
  settings: Settings | undefined,
  server: ServerStatus | SilentServer | undefined,
): Promise<Finding> => {
  if (server && !('silent' in server)) return fine('port', `${server.port}, where the server listens`)
  const found = await port(settings?.HOST ?? '0.0.0.0', settings?.PORT ?? 8080)
  // Most likely it is that server's own.
  return server && found.state === 'wrong'
    ? look('port', `${found.found}, or by the server below`, 'see to that first')
    : found
}

const hanging = (server: SilentServer): Finding =>
  wrong(
    'server',
    `${silentWords(server)} at its admin socket`,
    `look into its log; then stop it (${server.pid === undefined ? 'SIGTERM' : `kill ${server.pid}`}, with -9 if it stays) and start it: what was acknowledged is on the disk`,
  )

/** Only to see who has it: the lock is given back at once. */
const holderOf = (folder: string, server: ServerStatus | undefined): Finding[] => {
  if (server) return [fine('server', `runs with pid ${server.pid}`)]
  if (!existsSync(folder)) return []
  try {
    locked(folder).release()
    return [fine('server', 'does not run')]
  } catch (error) {
    return [
      wrong(
        'server',
        `it does not answer: ${sentenceOf(error)}`,
        'wait while it starts; else look into its log and stop it',
      ),
    ]
  }
}

const linesOf = (finding: Finding): string[] => [
  `${finding.state.padEnd(5)}  ${finding.check.padEnd(10)}  ${finding.found}`,
  ...(finding.state === 'fine' ? [] : [`${''.padEnd(19)}do: ${finding.advice}`]),
]
