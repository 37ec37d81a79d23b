import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }
/** The built server as a process of its own. */
export type Server = {
  readonly port: number
  readonly base: string
  /** What it has written to standard error so far. */
  errors(): string
  readonly exited: Promise<Exit>
  /** SIGKILL: nothing more runs, no buffer is written. */
  kill(): Promise<void>
  /** SIGTERM, as a service manager stops it. */
  stop(): Promise<Exit>
}
export type Settings = { readonly data: string; readonly port?: number; readonly env?: Record<string, string> }

/** Starts the server and waits until it says that it listens. Rejects with what it wrote when it ends before. */
export const startServer = async (settings: Settings): Promise<Server> => {
  const run = launch(settings)
  const port = await Promise.race([
    run.listening,
    run.exited.then(({ code, signal }) => {
      throw new Error(`the server ended with ${code ?? signal} before it listened: ${run.errors()}`)
    }),
  ])
  return { ...run, port, base: `http://localhost:${port}` }
}

/** Starts the server without waiting; for kills and mistakes at the start. */
export const launch = ({ data, port = 0, env = {} }: Settings) => {
  const child = spawn(process.execPath, [MAIN], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, LIMITS: 'off', HOST: '127.0.0.1', ...env, PORT: `${port}`, DATA: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  const errors = collected(child.stderr)
  return {
    listening: portOf(child),
    exited,
    errors,
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
