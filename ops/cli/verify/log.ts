import { checkLog } from '@verbatim/services/event-log'
import { sentenceOf } from '../../sentence.ts'
import { brokenParts } from '../adapters/sqlite.ts'
import type { Cli } from '../cli.ts'
import { existingLog } from '../files.ts'
import type { Fault } from './faults.ts'

/** Every event's checksum, every stream's revisions, the indexes, and the pages of the file. */
export const verifyLog = async (cli: Cli, quiet: boolean): Promise<{ events: number; faults: Fault[] }> => {
  const file = existingLog(cli.folder)
  const progress = cli.progress('log', 'events', quiet)
  try {
    const { events, faults } = await checkLog(file, (done, head) => progress.at(done, head))
    return { events, faults: [...faults.map(faultOf), ...brokenFaults(file)] }
  } catch (error) {
    return { events: 0, faults: [{ where: 'log', what: sentenceOf(error) }] }
  } finally {
    progress.done()
  }
}

const faultOf = ({ position, stream, reason }: { position: number; stream: string; reason: string }): Fault => ({
  where: 'log',
  ...(position > 0 && { position }),
  what: stream === '' ? reason : `${stream}: ${reason}`,
})

const brokenFaults = (file: string): Fault[] => brokenParts(file).map((what) => ({ where: 'log', what }))
