import { type Position, UpgradeNeeded } from '../port.ts'
import { openLogReader } from './sqlite-reader.ts'

const PAGE = 1_000

/**
 * Reads the last events of a log, some thousand in a few milliseconds: what a crash or a bad disk spoils lies there most
 * likely. An event of a later version is no damage and is passed over.
 * @throws CorruptEvent for the first that is not as it was written
 */
export const checkEnd = (file: string, events: number): void => {
  const reader = openLogReader(file)
  try {
    const head = reader.head()
    for (let at = Math.max(0, head - events); at < head; ) at = passed(at, () => reader.readAll(at, PAGE)) ?? head
  } finally {
    reader.close()
  }
}

const passed = (at: Position, read: () => readonly { position: Position }[]): Position | undefined => {
  try {
    return read().at(-1)?.position
  } catch (error) {
    if (error instanceof UpgradeNeeded && error.position > at) return error.position
    throw error
  }
}
