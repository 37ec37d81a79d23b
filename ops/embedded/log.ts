import type { Log } from '@verbatim/services/gateway'
import { destination, pino } from 'pino'

/** Structured lines on standard error. Whatever could hold a secret or somebody's words is cut out by its name. */
export const logTo = (level: string): Log =>
  pino(
    {
      level,
      base: null,
      redact: {
        paths: ['token', 'accessToken', 'refreshToken', 'password', 'cookie', 'authorization', 'text', 'body'].flatMap(
          (name) => [name, `*.${name}`, `*.*.${name}`],
        ),
        censor: '[cut]',
      },
    },
    destination({ dest: 2, sync: true }),
  )
