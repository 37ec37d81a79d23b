import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where `verbatim restore` prepares what it then moves into place. */
export const RESTORING = 'restoring'

/** A server that started here would begin a log of its own beside half of somebody's. */
export const refuseHalfRestored = (folder: string): void => {
  if (existsSync(join(folder, RESTORING)))
    throw new Error(`a restore into ${folder} did not finish: empty the folder and restore again`)
}
