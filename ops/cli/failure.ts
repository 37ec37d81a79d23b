/** With what a command ends, for scripts. */
export const exits = {
  fine: 0,
  /** It found faults, or what was asked could not be done. */
  faults: 1,
  /** A command, an option or a setting that makes no sense. */
  usage: 2,
  /** What it was pointed at is not there: the folder, its log, a stream, a person, a backup. */
  missing: 3,
  /** Another process has the folder, or the server does not answer. */
  busy: 4,
} as const
export type Exit = (typeof exits)[keyof typeof exits]

export const exitsTable = `Exit codes:
  0  done, and nothing was wrong
  1  it found faults, or what was asked could not be done
  2  a command, an option or a setting that makes no sense
  3  not there: the folder, its log, a stream, a person, a backup
  4  another process has the folder, or the server does not answer`

/** Ends a command with one sentence for people. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly exit: Exit = exits.faults,
  ) {
    super(message)
    this.name = 'Failure'
  }
}
