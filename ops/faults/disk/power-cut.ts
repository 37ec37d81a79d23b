import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

const PAGE = 4096
// Of `struct record` in failing-disk.c.
const RECORD_BYTES = 32

/**
 * Takes from a data folder what a power cut would take: nothing that was synced. What was not may have reached the disk
 * in part: `chance` decides that for each page and each name by itself; without it nothing did.
 * The process that wrote there was killed before. Answers how many pages and names were lost.
 */
export const cutPower = (
  { data, journal }: { readonly data: string; readonly journal: string },
  chance?: () => number,
): { readonly pages: number; readonly names: number } => {
  const names = forgetNames(join(journal, 'names'), chance)
  let pages = 0
  for (const file of filesIn(data)) {
    // Memory, of which a disk knows nothing.
    if (file.endsWith('-shm')) rmSync(file)
    else pages += forgetPages(file, join(journal, `${statSync(file).ino}`), chance)
  }
  for (const kept of readdirSync(journal)) rmSync(join(journal, kept))
  return { pages, names }
}

/** What a kernel does by itself after some seconds: everything that was written so far is on the disk. */
export const writeBack = ({ journal }: { readonly journal: string }): void => {
  for (const kept of readdirSync(journal)) if (!kept.startsWith('removed-')) truncateSync(join(journal, kept))
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** Names reach the disk in the order in which they were changed, as the journals of file systems have it. */
const forgetNames = (file: string, chance?: () => number): number => {
  if (!existsSync(file)) return 0
  let unsynced: string[][] = []
  for (const line of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const change = line.split('\t')
    const [kind, path = ''] = change
    if (kind === 'sync') unsynced = unsynced.filter(([, changed = '']) => dirname(changed) !== path)
    else unsynced.push(change)
  }
  const lost = unsynced.slice(chance ? Math.floor(chance() * (unsynced.length + 1)) : 0)
  for (const [kind, path = '', to = '', aside = ''] of lost.reverse()) {
    if (kind === 'make') rmSync(path, { recursive: true, force: true })
    if (kind === 'remove' && !existsSync(path)) linkSync(aside, path)
    if (kind === 'rename' && !existsSync(path) && existsSync(to)) {
      renameSync(to, path)
      if (aside) linkSync(aside, to)
    }
  }
  return lost.length
}

/** What is on the disk of a file, where that is not what the file says. */
type Durable = { readonly pages: ReadonlyMap<number, Buffer>; readonly size: number | undefined }

const forgetPages = (file: string, journal: string, chance?: () => number): number => {
  const durable = existsSync(journal) ? durableIn(readFileSync(journal)) : undefined
  if (!durable) return 0
  const handle = openSync(file, 'r+')
  try {
    const size = fstatSync(handle).size
    // Some cuts take nearly everything, some nearly nothing.
    const rate = chance ? chance() : 1
    const lost = [...durable.pages].filter(() => !chance || chance() < rate)
    const sizeIsLost = !chance || chance() < rate
    for (const [page, bytes] of lost) {
      const there = Buffer.alloc(PAGE)
      bytes.copy(there)
      writeSync(handle, there, 0, PAGE, page * PAGE)
    }
    // Also when it is the same: a page that was put back may lie behind the end.
    ftruncateSync(handle, sizeIsLost ? (durable.size ?? size) : size)
    return lost.length
  } finally {
    closeSync(handle)
  }
}

/**
 * Reads the journal of a file. A sync puts on the disk what was written since the one before it. After one that failed the
 * kernel takes what it could not write for written: no later sync puts it there, unless it is written again.
 */
const durableIn = (journal: Buffer): Durable | undefined => {
  const pages = new Map<number, { readonly bytes: Buffer; given: boolean }>()
  let size: number | undefined
  for (const { kind, from, to, before, bytes } of recordsIn(journal)) {
    if (kind === 'W') size ??= before
    if (kind === 'S') size = undefined
    for (let page = from / PAGE; page * PAGE < to; page++) {
      const known = pages.get(page)
      if (known) known.given = false
      else pages.set(page, { bytes: bytes.subarray(page * PAGE - from, (page + 1) * PAGE - from), given: false })
    }
    for (const [page, one] of pages) {
      if (kind === 'F') one.given = true
      if (kind === 'S' && !one.given) pages.delete(page)
    }
  }
  if (pages.size === 0 && size === undefined) return undefined
  return { pages: new Map([...pages].map(([page, { bytes }]) => [page, bytes])), size }
}

function* recordsIn(journal: Buffer) {
  for (let at = 0; at + RECORD_BYTES <= journal.length; ) {
    const length = journal.readUInt32LE(at + 4)
    const bytes = journal.subarray(at + RECORD_BYTES, at + RECORD_BYTES + length)
    // Killed while it wrote the record, so before it made the change.
    if (bytes.length < length) return
    const [from, to, before] = [8, 16, 24].map((field) => Number(journal.readBigUInt64LE(at + field)))
    if (from === undefined || to === undefined || before === undefined) return
    yield { kind: String.fromCharCode(journal.readUInt32LE(at)), from, to, before, bytes }
    at += RECORD_BYTES + length
  }
}
