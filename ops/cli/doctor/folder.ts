import { accessSync, constants, readdirSync, type Stats, statfsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { sizeOf } from '../text.ts'
import { type Finding, fine, look, wrong } from './finding.ts'

/** Who may read and write what, and whether this person may. */
export const permissions = (folder: string, uid: number | undefined): Finding => {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (!stat)
    return look(
      'folder',
      `${resolve(folder)} is not there`,
      'the server makes it when it starts; else set DATA to yours',
    )
  if (!stat.isDirectory()) return wrong('folder', `${resolve(folder)} is no folder`, 'set DATA to a folder')
  if (uid !== undefined && stat.uid !== uid)
    return wrong(
      'folder',
      `${resolve(folder)} belongs to user ${stat.uid}, you are ${uid}`,
      `run as that user, or chown -R ${uid} ${folder}`,
    )
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return wrong('folder', `${resolve(folder)} cannot be written`, `chmod 700 ${folder}, or mount its disk for writing`)
  }
  const open = [folder, ...readdirSync(folder).map((name) => join(folder, name))].filter((path) =>
    isOpen(statSync(path, { throwIfNoEntry: false })),
  )
  return open.length === 0
    ? fine('folder', `${resolve(folder)}, for its owner alone`)
    : wrong('folder', `others may read ${open.slice(0, 3).join(', ')}`, `chmod -R go-rwx ${folder}`)
}

const isOpen = (stat: Stats | undefined): boolean => stat !== undefined && (stat.mode & 0o077) !== 0

const MB = 1_000_000

/** Room on the disk of the folder, or of where it would be made. */
export const disk = (folder: string): Finding => {
  let there = resolve(folder)
  while (!statSync(there, { throwIfNoEntry: false })) there = dirname(there)
  const { bavail, blocks, bsize, ffree, files } = statfsSync(there)
  const free = bavail * bsize
  const found = `${sizeOf(free)} free of ${sizeOf(blocks * bsize)}`
  const advice =
    'free room or move the folder to a larger disk; a full one refuses messages, and takes them again once there is room'
  if (free < 100 * MB) return wrong('disk', found, advice)
  if (files > 0 && ffree < 1_000) return wrong('disk', `${found}, but only ${ffree} more files`, advice)
  return free < 1_000 * MB ? look('disk', found, advice) : fine('disk', found)
}
