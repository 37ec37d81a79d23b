/** What may be said of an error: what kind, where, and the fields that never hold what a person wrote. */
export type Sayable = {
  readonly type: string
  readonly message: string
  readonly stack?: string
  readonly cause?: Sayable
  readonly [field: string]: unknown
}

/** Fields of our own errors and of the system's. All others are left out: `input` of a wrong URL is what somebody typed. */
const SAID = ['code', 'errno', 'syscall', 'position', 'stream', 'written', 'diskFull', 'schema'] as const
const DEEPEST = 3

/**
 * An error for the log. Its message stays, since without it nobody knows what happened; where the engine itself quotes
 * what it was given (JSON, URLs), the quotation is cut out.
 */
export const sayable = (error: unknown, depth = 0): Sayable => {
  if (!isError(error)) return { type: typeof error, message: 'something else than an error was thrown' }
  const message = withoutQuotation(error)
  const fields = SAID.flatMap((name) => {
    const value: unknown = Reflect.get(error, name)
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[name, value] as const] : []
  })
  return {
    type: error.name ?? 'Error',
    message,
    ...Object.fromEntries(fields),
    ...(typeof error.stack === 'string' && { stack: frames(error.stack, message) }),
    ...(isError(error.cause) && depth < DEEPEST && { cause: sayable(error.cause, depth + 1) }),
  }
}

/** One of a driver's own class comes out of another thread as a plain object. */
const isError = (error: unknown): error is Error =>
  typeof error === 'object' &&
  error !== null &&
  'message' in error &&
  typeof error.message === 'string' &&
  (error instanceof Error || 'code' in error)

const withoutQuotation = ({ name, message }: Error): string =>
  name === 'SyntaxError' ? 'not valid JSON' : name === 'TypeError' && /URL/.test(message) ? 'not a URL' : message

/** The stack repeats the message, in as many lines as that has; only the places are kept. */
const frames = (stack: string, message: string): string =>
  [message, ...stack.split('\n').filter((line) => /^ {4}at /.test(line))].join('\n')
