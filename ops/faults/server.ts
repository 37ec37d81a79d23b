import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** Another build may be tried with `FAULTS_MAIN`, for instance one with a mistake put in that must be found. */
export const MAIN = process.env.FAULTS_MAIN ?? fileURLToPath(new URL('../dist/main.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }
/** The built server as a process of its own. */
export type Server = {
  readonly port: number
  readonly base: string
  /** What it has written to standard error so far. */
  errors(): string
  /** The same, of standard output too. */
  said(): string
  readonly exited: Promise<Exit>
  /** Stands still, as under a debugger or on a machine that sleeps, until `goOn`. */
  pause(): void
  goOn(): void
  /** SIGKILL: nothing more runs, no buffer is written. */
  kill(): Promise<void>
  /** SIGTERM, as a service manager stops it. */
  stop(): Promise<Exit>
}
export type Settings = {
  readonly data: string
  readonly port?: number
  readonly env?: Record<string, string>
  /** The entry of another build. */
  readonly main?: string | undefined
}

/** Starts the server and waits until it says that it listens. Rejects with what it wrote when it ends before. */
export const startServer = async (settings: Settings): Promise<Server> => {
  const run = launch({ ...settings, port: settings.port ?? (await freePort()) })
  const port = await Promise.race([
    run.listening,
    run.exited.then(({ code, signal }) => {
      throw new Error(`the server ended with ${code ?? signal} before it listened: ${run.errors()}`)
    }),
  ])
  return { ...run, port, base: `http://localhost:${port}` }
}

/** Starts the server without waiting; for kills and mistakes at the start. */
export const launch = ({ data, port = 0, env = {}, main = MAIN }: Settings) => {
  const child = spawn(process.execPath, [main], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, LIMITS: 'off', HOST: '127.0.0.1', ...env, PORT: `${port}`, DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  const errors = collected(child.stderr)
  const output = collected(child.stdout)
  return {
    listening: portOf(child),
    exited,
    errors,
    said: () => output() + errors(),
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/**
 * A port that can be listened on again after a kill. With `PORT=0` it could not: Linux gives an address back at once only
 * if the sockets that linger on it were opened to allow that, and uWebSockets.js does so for a port that it is told.
 */
const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

const portOf = ({ stdout }: ChildProcess): Promise<number> =>
  new Promise((resolve) => {
    let text = ''
    stdout?.on('data', (chunk: Buffer) => {
      if (text.length < 100_000) text += chunk
      const port = /listening on http:\/\/[^:\s]+:(\d+)/.exec(text)?.[1]
      if (port) resolve(Number(port))
    })
  })

const collected = (stream: ChildProcess['stderr']): (() => string) => {
  let text = ''
  stream?.on('data', (chunk: Buffer) => {
    text = `${text}${chunk}`.slice(-100_000)
  })
  return () => text
}
