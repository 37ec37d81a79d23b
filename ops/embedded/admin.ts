import { rmSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import type { Parked } from '@verbatim/projections/projector'
import type { Position } from '@verbatim/services/event-log'
import { serveCalls } from '@verbatim/services/threads'
import { adminSocket, linesOver } from './admin-socket.ts'
import type { ReadModels } from './read-models.ts'
import type { RebuildNews } from './rebuild/rebuilding.ts'

export type ServerStatus = {
  readonly pid: number
  readonly node: string
  readonly sockets: string
  readonly port: number
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly log: string
  readonly head: Position
  readonly models: ReturnType<ReadModels['state']>
}
/** Whose account it is, and how many of the person's sessions ended with it. */
export type SignedOut = { readonly user: string; readonly ended: number }

/** What a running server does for its operator. Everything that writes goes here, so that there is one writer. */
export type Admin = {
  status(): Promise<ServerStatus>
  retry(projection: string, stream: string): Promise<Parked | undefined>
  drop(projection: string, stream: string, reason: string): Promise<Parked | undefined>
  /** @see Rebuilding; how it gets on is asked for with `rebuildNews` */
  startRebuild(projections: readonly string[], acceptDifferences: boolean): Promise<void>
  startRollBack(projection: string): Promise<void>
  rebuildNews(): Promise<RebuildNews | undefined>
  stopRebuild(): Promise<void>
  dropOld(projection: string): Promise<number>
  /** @throws when nobody has the handle, or the password is too short or too long */
  resetPassword(handle: string, password: string): Promise<SignedOut>
  signOut(handle: string): Promise<SignedOut>
  setAdmin(handle: string, is: boolean): Promise<{ readonly user: string; readonly changed: boolean }>
}

/**
 * Answers at the admin socket until it is closed. To be called by whoever holds the folder's lock: what a killed process
 * left at that place is taken away.
 */
export const serveAdmin = async (folder: string, admin: Admin): Promise<{ close(): Promise<void> }> => {
  const path = adminSocket(folder)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
    serveCalls(linesOver(socket), admin)
  })
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  // The folder is its owner's already; this holds when somebody has opened it up.
  await chmod(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
