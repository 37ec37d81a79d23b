import type { Rebuilt } from '@verbatim/projections/projector'
import type { Calls } from '@verbatim/services/threads'
import type { Admin } from '../../embedded/admin.ts'
import type { Cli } from '../cli.ts'
import { exits, Failure } from '../failure.ts'
import { stepsOn } from './steps.ts'

/** Milliseconds between two questions to the server. */
const EVERY = 200

/** Follows what the server does until it has done it. Ctrl-C stops it there, and everything stays as it was. */
export const newsOf = async (
  cli: Cli,
  admin: Pick<Calls<Admin>, 'rebuildNews' | 'stopRebuild'>,
  quiet: boolean,
): Promise<readonly Rebuilt[]> => {
  const steps = stepsOn(cli, quiet)
  try {
    for (;;) {
      if (cli.interrupted.aborted) await admin.stopRebuild()
      const news = await admin.rebuildNews()
      if (!news) throw new Failure('the server knows of no rebuild', exits.busy)
      if (news.phase === 'done') return news.rebuilt
      if (news.phase === 'failed') throw new Failure(news.error ?? 'the rebuild failed')
      steps.at(news.phase, news.projection)
      if (news.phase === 'filling') steps.filled(news)
      await cli.pause(EVERY)
    }
  } finally {
    steps.done()
  }
}
