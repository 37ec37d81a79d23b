// What `npm start` runs: one process on one data folder. Reads the settings, starts, stops on a signal.
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { sentenceOf } from '../sentence.ts'
import { serveAdmin } from './admin.ts'
import { embedded } from './embedded.ts'
import { lifetime } from './lifetime.ts'
import { logTo } from './log.ts'
import { readSettings, type Settings, settingsTable, WrongSettings } from './settings.ts'
import { figuresTable } from './watching/figures.ts'

// Left alone, the heap grows to four times of what lives in it before it is swept; twice takes no more time, measured
// under load, and keeps the whole on a small machine. Before the threads start, which take it over.
setFlagsFromString('--heap-growing-percent=100')
// Several threads that sweep the young objects of one cost more than they spare, and take the processors from the others.
setFlagsFromString('--no-parallel-scavenge')

/** Milliseconds from the signal to the end, whatever a part is busy with. */
const DEADLINE = 10_000

const tables = { '--settings': settingsTable, '--metrics': figuresTable } as const
for (const [flag, table] of Object.entries(tables)) {
  if (!process.argv.includes(flag)) continue
  console.log(table())
  process.exit(0)
}
const settings = readSettingsOrStop()
const log = logTo(settings.LOG_LEVEL)
const life = lifetime((part, error) => log.error({ part, err: error }, 'could not be closed'))
let stopping = false

// Everything that is written here is for its owner alone.
process.umask(0o077)
process.on('SIGTERM', () => void stop(0))
// By itself Node would print the error with all that hangs on it, and end without closing anything.
process.on('uncaughtException', (error) => {
  log.error({ err: error }, 'a fault that nobody foresaw, so the server stops')
  void stop(1)
})
process.on('SIGINT', () => void stop(0))

try {
  const here = import.meta.url
  const client = fileURLToPath(new URL('../../web/dist', here))
  const isBuilt = existsSync(join(client, 'index.html'))
  if (!isBuilt) console.log(`there is no client in ${client}, so only the API is served; npm run build makes it`)
  const { gateway, sockets, admin } = await embedded({
    settings,
    version: versionOf(new URL('../../package.json', here)),
    entryOf: (thread) => new URL(`./threads/${thread}${extname(here)}`, here),
    clientFolder: isBuilt ? client : undefined,
    log,
    life,
    say: console.log,
    failed: (error) => {
      if (stopping) return
      log.error({ err: error }, 'a part ended by itself, so the server stops')
      void stop(1)
    },
  })
  const port = await gateway.listen(settings.HOST, settings.PORT)
  try {
    const operator = await serveAdmin(settings.DATA, admin(port))
    life.add('admin', () => operator.close())
  } catch (error) {
    log.warn({ err: error }, 'the admin socket cannot be opened; only `verbatim` suffers, which can read and not write')
  }
  console.log(`sockets: ${sockets}`)
  console.log(`listening on http://localhost:${port}`)
} catch (error) {
  // A sentence for whoever starts it; the stack is for whoever asks for it.
  console.error(settings.LOG_LEVEL === 'debug' ? error : `verbatim cannot start: ${sentenceOf(error)}`)
  await stop(1)
}

async function stop(code: number): Promise<void> {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(code || 1), DEADLINE).unref()
  await life.end()
  process.exit(code)
}

function readSettingsOrStop(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    if (!(error instanceof WrongSettings)) throw error
    for (const mistake of error.mistakes) console.error(`wrong setting ${mistake}`)
    process.exit(2)
  }
}

function versionOf(manifest: URL): string {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(manifest, 'utf8'))
  return typeof version === 'string' ? version : 'unknown'
}
