import { connect, type Socket } from 'node:net'
import { lockDataFolder } from '@verbatim/services/event-log'
import { type Calls, callsOver } from '@verbatim/services/threads'
import type { Admin } from '../embedded/admin.ts'
import { adminSocket, linesOver } from '../embedded/admin-socket.ts'
import { exits, Failure } from './failure.ts'
import { existingFolder } from './files.ts'

export type RunningServer = { readonly admin: Calls<Admin>; close(): void }

/** Milliseconds after which a server that does not answer is told as such: a reset password takes a moment to hash. */
const PATIENCE = 30_000

/** The server that runs on the folder; undefined when none answers at its socket. */
export const runningServer = async (folder: string): Promise<RunningServer | undefined> => {
  const socket = await connected(adminSocket(folder))
  if (!socket) return undefined
  const gone = new Promise<never>((_, reject) => {
    socket.once('close', () => reject(new Failure('the server ended before it answered', exits.busy)))
  })
  gone.catch(() => undefined)
  return { admin: patient(callsOver<Admin>(linesOver(socket)), gone), close: () => socket.destroy() }
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
    throw new Failure(error instanceof Error ? error.message : String(error), exits.busy)
  }
}

const connected = (path: string): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('error', () => resolve(undefined))
    socket.once('connect', () => resolve(socket))
  })

/** The same calls, each with an end: an answer, the end of the server, or the end of patience. */
const patient = (calls: Calls<Admin>, gone: Promise<never>): Calls<Admin> =>
  new Proxy(calls, {
    get: (_, method) =>
      method === 'then' || typeof method !== 'string'
        ? undefined
        : (...args: unknown[]) => {
            const call: unknown = Reflect.get(calls, method)
            if (typeof call !== 'function') return undefined
            let late: NodeJS.Timeout | undefined
            const patience = new Promise<never>((_resolve, reject) => {
              late = setTimeout(() => reject(new Failure('the server does not answer', exits.busy)), PATIENCE)
            })
            return Promise.race([call(...args), gone, patience]).finally(() => clearTimeout(late))
          },
  })
