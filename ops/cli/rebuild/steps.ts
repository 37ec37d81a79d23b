import type { Filled, Phase } from '@verbatim/projections/projector'
import type { Cli } from '../cli.ts'
import type { Progress } from '../progress.ts'

/** A rebuild as it goes on: a bar while it fills, a line for each step after. */
export const stepsOn = (cli: Pick<Cli, 'note' | 'progress'>, quiet: boolean) => {
  let bar: Progress | undefined
  let step = ''
  const done = (): void => {
    bar?.done()
    bar = undefined
  }
  return {
    at(phase: Phase, projection?: string): void {
      const next = `${projection}: ${phase}`
      if (phase === 'filling' || next === step) return
      done()
      step = next
      if (!quiet) cli.note(next)
    },
    filled({ done: events, total }: Filled): void {
      if (total === 0) return
      bar ??= cli.progress('filling', 'events', quiet)
      bar.at(events, total)
    },
    done,
  }
}
