import type { Log } from '@verbatim/services/gateway'

/** Lines of one text in a second. On a full disk each command fails, and the log often lies on the same disk. */
const LINES = 20
const SECOND = 1_000

/** Leaves out what is said too often, and says how often it was left out. Few texts are said; what changes is in the fields. */
export const sparing = (log: Log): Log => {
  const said = new Map<string, { lines: number; leftOut: number }>()

  const begin = (level: keyof Log, text: string) => {
    const window = { lines: 0, leftOut: 0 }
    said.set(text, window)
    const end = () => {
      said.delete(text)
      if (window.leftOut > 0) log[level]({ leftOut: window.leftOut }, text)
    }
    // When the process ends before, some number is lost and not a kind of event.
    setTimeout(end, SECOND).unref()
    return window
  }
  const say =
    (level: keyof Log) =>
    (fields: object, text: string): void => {
      const window = said.get(text) ?? begin(level, text)
      if (window.lines++ < LINES) log[level](fields, text)
      else window.leftOut++
    }
  return { info: say('info'), warn: say('warn'), error: say('error') }
}
