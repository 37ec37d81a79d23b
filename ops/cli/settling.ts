import { type Parked, type Progress, runProjections } from '@verbatim/projections/projector'
import { asStreamName } from '@verbatim/protocol'
import { openToServe } from '../embedded/models.ts'
import type { Cli } from './cli.ts'
import { modelNamed } from './commands/rehearse.ts'
import { Failure } from './failure.ts'
import { openedLog } from './files.ts'
import { heldLog } from './trial.ts'

type Order = { readonly act: 'retry' | 'drop'; readonly projection: string; readonly stream: string }

/** Retries or drops where no server runs. For whoever holds the folder's lock. */
export const settledAlone = async (cli: Cli, { act, projection, stream }: Order): Promise<Parked | undefined> => {
  const model = modelNamed(projection)
  const reader = openedLog(cli.folder)
  const log = heldLog(reader)
  let came = (_: Progress): void => undefined
  const ready = new Promise<Progress>((resolve) => {
    came = resolve
  })
  const running = runProjections({
    models: [openToServe(model, model.file(cli.folder))],
    log,
    // The model comes to the end of the log first, as it would in a server: what waits behind is then all there.
    onProgress: (progress) => progress.state !== 'catching-up' && came(progress),
  })
  try {
    const { state, reason } = await ready
    if (state !== 'live') throw new Failure(`${projection} stands still: ${reason}`)
    return await running[act](projection, asStreamName(stream))
  } finally {
    await running.close()
    reader.close()
  }
}
