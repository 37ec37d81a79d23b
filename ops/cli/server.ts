import { connect, type Socket } from 'node:net'
import { lockDataFolder } from '@verbatim/services/event-log'
import { type Calls, callsOver } from '@verbatim/services/threads'
import type { Admin, ServerStatus } from '../embedded/admin.ts'
import { adminSocket, linesOver } from '../embedded/admin-socket.ts'
import { sentenceOf } from '../sentence.ts'
import { lastHolder } from './adapters/sqlite.ts'
import { exits, Failure } from './failure.ts'
import { existingFolder } from './files.ts'

/** A process that has the folder and says nothing: it hangs, it is stopped, or it is still starting. */
export type SilentServer = {
  readonly silent: true
  readonly pid: number | undefined
  /** Whether it took the connection, so that it has started. */
  readonly connected: boolean
}

export type RunningServer = { readonly admin: Calls<Admin>; close(): void }

/** Milliseconds after which a server that does not answer is told as such: a reset password takes a moment to hash. */
const PATIENCE = 30_000
/** For what is asked only to be shown: whoever looks at night must not wait for half a minute to see nothing. */
const SOON = 5_000

/** The server that runs on the folder; undefined when none answers at its socket. */
export const runningServer = async (folder: string, within = PATIENCE): Promise<RunningServer | undefined> => {
  const socket = await connected(adminSocket(folder))
  if (!socket) return undefined
  const gone = new Promise<never>((_, reject) => {
    const ended = 'the server ended before it answered: see whether what was asked is done, and ask again'
    socket.once('close', () => reject(new Failure(ended, exits.busy)))
  })
  gone.catch(() => undefined)
  const late = (): Failure => new Failure(silence(lastHolder(folder), within), exits.busy)
  return { admin: patient(callsOver<Admin>(linesOver(socket)), { gone, within, late }), close: () => socket.destroy() }
}

/** What is seen of it, for people. */
export const silentWords = ({ pid, connected }: Pick<SilentServer, 'pid' | 'connected'>): string => {
  const who = pid === undefined ? 'a server' : `pid ${pid}`
  return connected
    ? `${who} does not answer`
    : `none answers, but ${who} took the folder and still runs; it may be starting`
}

const silence = (pid: number | undefined, milliseconds: number): string =>
  `the server${pid === undefined ? '' : ` (pid ${pid})`} has not answered for ${milliseconds / 1_000} s: what was asked may ` +
  'yet be done when it goes on; npx verbatim doctor, and look into its log'

/** How the server on the folder is; `undefined` when none runs, as far as can be seen without taking the folder. */
export const serverNow = async (folder: string): Promise<ServerStatus | SilentServer | undefined> => {
  const running = await runningServer(folder, SOON)
  if (!running) {
    const pid = lastHolder(folder)
    return pid === undefined ? undefined : { silent: true, pid, connected: false }
  }
  try {
    return await running.admin.status()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { silent: true, pid: lastHolder(folder), connected: true }
  } finally {
    running.close()
  }
}

/**
 * Writes with the one who may: the running server, or this process while it holds the folder's lock.
 * @throws Failure when another process has the folder and no server answers
 */
export const asOnlyWriter = async <T>(
  folder: string,
  { beside, alone }: { beside: (admin: Calls<Admin>) => Promise<T>; alone: () => Promise<T> },
): Promise<T> => {
  existingFolder(folder)
  const server = await runningServer(folder)
  if (server) {
    try {
      return await beside(server.admin)
    } finally {
      server.close()
    }
  }
  const lock = locked(folder)
  try {
    return await alone()
  } finally {
    lock.release()
  }
}

export const locked = (folder: string): { release(): void } => {
  try {
    return lockDataFolder(folder)
  } catch (error) {
    throw new Failure(sentenceOf(error), exits.busy)
  }
}

const connected = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('error', () => resolve(undefined))
    socket.once('connect', () => resolve(socket))
  })

/** The same calls, each with an end: an answer, the end of the server, or the end of patience. */
const patient = (
  calls: Calls<Admin>,
  { gone, within, late: lateness }: { gone: Promise<never>; within: number; late: () => Failure },
): Calls<Admin> =>
  new Proxy(calls, {
    get: (_, method) =>
      method === 'then' || typeof method !== 'string'
        ? undefined
        : (...args: unknown[]) => {
            const call: unknown = Reflect.get(calls, method)
            if (typeof call !== 'function') return undefined
            let late: NodeJS.Timeout | undefined
            const patience = new Promise<never>((_resolve, reject) => {
              late = setTimeout(() => reject(lateness()), within)
            })
            return Promise.race([call(...args), gone, patience]).finally(() => clearTimeout(late))
          },
  })
