import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export type Server = Awaited<ReturnType<typeof startServer>>

/** The built server as its users start it, with a data folder of its own, and with more settings if need be. */
export const startServer = async (settings: Readonly<Record<string, string>> = {}) => {
  const data = await mkdtemp(join(tmpdir(), 'verbatim-e2e-'))
  // Below the range that the system gives to clients: a browser that keeps knocking would else take the port itself.
  let { child, port, said } = await listen(data, 20_000 + Math.floor(Math.random() * 10_000), settings)
  return {
    url: `http://localhost:${port}`,
    /** What it has written so far. */
    said: (): string => said(),
    /** Pulls the plug. */
    kill: () => end(child, 'SIGKILL'),
    /** Starts it again at the same place with the same data. */
    again: async (): Promise<void> => {
      ;({ child, port, said } = await listen(data, port, settings))
    },
    stop: async (): Promise<void> => {
      await end(child, 'SIGTERM')
      await rm(data, { recursive: true, force: true })
    },
  }
}

const listen = async (
  data: string,
  port: number,
  settings: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; port: number; said: () => string }> => {
  const child = spawn(process.execPath, ['ops/dist/main.js'], {
    cwd: root,
    env: { PORT: String(port), DATA: data, LIMITS: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk
      const found = /listening on http:\/\/localhost:(\d+)/.exec(said)
      if (found) resolve({ child, port: Number(found[1]), said: () => said })
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
}

const end = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.on('exit', () => resolve())
    child.kill(signal)
  })
