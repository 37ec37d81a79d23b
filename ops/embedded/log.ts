import type { Log } from '@verbatim/services/gateway'
import { type DestinationStream, destination, pino } from 'pino'
import { sayable } from './watching/sayable.ts'
import { sparing } from './watching/sparing.ts'

/** Fields that could hold a secret or somebody's words, cut out by their names wherever they stand. */
const CUT = [
  'token',
  'accessToken',
  'refreshToken',
  'password',
  'secret',
  'clientSecret',
  'cookie',
  'authorization',
  'headers',
  'text',
  'body',
  'data',
]

/** Structured lines on standard error, one for each; nothing in them is a secret or what somebody said. */
export const logTo = (level: string, to: DestinationStream = destination({ dest: 2, sync: true })): Log =>
  sparing(
    pino(
      {
        level,
        base: null,
        serializers: { err: sayable },
        redact: { paths: CUT.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[cut]' },
      },
      to,
    ),
  )
