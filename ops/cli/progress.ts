import { Presets, SingleBar } from 'cli-progress'

/** Long work as it goes on. */
export interface Progress {
  /** How much is done, and of how much. */
  at(done: number, total: number): void
  /** Ends it. */
  done(): void
}

export type Screen = { readonly isTTY?: boolean; write(text: string): unknown }

/** Milliseconds between two lines where there is no terminal. */
const BETWEEN = 5_000

export const silent: Progress = { at: () => undefined, done: () => undefined }

/** A bar on a terminal, a plain line every few seconds elsewhere; both with the rate and the time left. */
export const progressOn = (screen: Screen & NodeJS.WritableStream, title: string, unit: string): Progress =>
  screen.isTTY ? bar(screen, title, unit) : lines(screen, title, unit)

const bar = (stream: NodeJS.WritableStream, title: string, unit: string): Progress => {
  const began = performance.now()
  const format = `${title} [{bar}] {percentage}% {value}/{total} ${unit}, {rate}, {left} left`
  const drawn = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true }, Presets.shades_grey)
  let isDrawn = false
  return {
    at(done, total) {
      const shown = paceOf(done, total, performance.now() - began)
      if (!isDrawn) drawn.start(total, done, shown)
      isDrawn = true
      drawn.setTotal(total)
      drawn.update(done, shown)
    },
    done: () => drawn.stop(),
  }
}

export const lines = (
  screen: Screen,
  title: string,
  unit: string,
  now: () => number = () => performance.now(),
): Progress => {
  const began = now()
  let told = began
  let last: readonly [done: number, total: number] = [0, 0]
  const tell = (): void => {
    const [done, total] = last
    const { rate, left } = paceOf(done, total, now() - began)
    screen.write(`${title}: ${done} of ${total} ${unit}, ${rate}, ${left} left\n`)
    told = now()
  }
  return {
    at(done, total) {
      last = [done, total]
      if (now() - told >= BETWEEN) tell()
    },
    done: () => undefined,
  }
}

/** Rate and time left for people: `21,300/s`, `1 min 5 s`. */
export const paceOf = (done: number, total: number, milliseconds: number): { rate: string; left: string } => {
  const perSecond = milliseconds > 0 ? (done / milliseconds) * 1_000 : 0
  const seconds = perSecond > 0 ? Math.ceil(Math.max(0, total - done) / perSecond) : undefined
  return { rate: `${Math.round(perSecond).toLocaleString('en')}/s`, left: durationOf(seconds) }
}

export const durationOf = (seconds: number | undefined): string => {
  if (seconds === undefined) return 'unknown time'
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.round(seconds * 10) / 10} s`
}
