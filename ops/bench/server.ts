import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server under load, in a process and a folder of its own. */
export interface Server {
  readonly url: string
  readonly folder: string
  /** Resident memory in bytes, as the kernel counts it. */
  residentBytes(): number
  /** Seconds of processor time that it has taken so far. */
  cpuSeconds(): number
  /** Ends it; what it kept stays. */
  end(): Promise<void>
  /** Ends it and removes what it kept. */
  stop(): Promise<void>
}

/** Verbatim as `npm start` runs it, with LIMITS=off. @param again folder of one that was ended */
export const startVerbatim = (settings: Record<string, string> = {}, again?: string): Promise<Server> =>
  start(
    'main.js',
    (folder) => ({
      PORT: '0',
      HOST: '127.0.0.1',
      DATA: dataOf(folder),
      LIMITS: 'off',
      LOG_LEVEL: 'error',
      ...settings,
    }),
    again,
  )

/** The data folder of a server of this folder. */
export const dataOf = (folder: string): string => join(folder, 'data')

/** The ceiling. With `store`, each message is committed before it is acknowledged and published. */
export const startRaw = (store: boolean): Promise<Server> =>
  start('bench-raw.js', (folder) => ({ STORE: store ? 'on' : 'off', FILE: join(folder, 'raw.db') }))

const start = async (
  entry: string,
  environment: (folder: string) => Record<string, string>,
  again?: string,
): Promise<Server> => {
  const folder = again ?? (await mkdtemp(join(tmpdir(), 'verbatim-bench-')))
  const child = spawn(process.execPath, [fileURLToPath(new URL(`./${entry}`, import.meta.url))], {
    env: { ...process.env, ...environment(folder) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await listening(child)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const end = async () => {
    child.kill('SIGTERM')
    const deadline = setTimeout(() => child.kill('SIGKILL'), 12_000)
    await ended
    clearTimeout(deadline)
  }
  return {
    end,
    url: url.replace('localhost', '127.0.0.1'),
    folder,
    residentBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    stop: async () => {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const listening = async (child: ChildProcess): Promise<string> => {
  if (!child.stdout) throw new Error('the server has no standard output')
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (http:\/\/\S+)/.exec(line)?.[1]
    if (url !== undefined) {
      child.stdout.resume()
      return url
    }
  }
  throw new Error('the server ended before it listened')
}
