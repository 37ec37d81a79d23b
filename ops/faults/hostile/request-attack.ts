import { isReason, refusals } from '@verbatim/protocol'
import { asking } from './asking.ts'
import { type BrokenRequest, brokenRequests, garbledRequest } from './broken-requests.ts'
import { mintOf } from './cast.ts'
import { diceOf } from './dice.ts'
import type { Attack, Share } from './frame-attack.ts'
import { type HostileRequest, hostileRequest } from './requests.ts'
import { type Heard, tell } from './talk.ts'
import type { Tally } from './tally.ts'

/** So many hostile requests; each thirtieth is garbled, so that it is no HTTP any more. */
export const attackWithRequests = async ({ port, seed, cast, tally }: Attack, requests: number): Promise<void> => {
  const dice = diceOf(seed)
  const mint = mintOf(dice)
  const connection = asking(port)
  let before = ''
  for (let left = requests; left > 0; left--) {
    const request = hostileRequest(dice, cast, mint)
    if (dice.once(30)) {
      await tellBroken(port, garbledRequest(dice, request.bytes), tally)
      continue
    }
    const heard = await connection.ask(request.bytes, request.method === 'HEAD')
    if (heard === 'cut' || heard === 'silent')
      tally.fault(`a whole request was answered: ${heard}`, `${shown(request)} after ${before}`)
    else judge(heard, request, tally)
    before = `${shown(request)} ${JSON.stringify(heard)}`
  }
  connection.close()
}

/** A part of the broken requests, each with another behind it that must not be carried out. */
export const attackWithBrokenRequests = async (
  { port, tally }: Attack,
  { front, of }: Share,
  smuggled: string,
): Promise<void> => {
  for (const request of brokenRequests(smuggled).filter((_, at) => at % of === front))
    await tellBroken(port, request, tally)
}

const tellBroken = async (port: number, { what, bytes, fate }: BrokenRequest, tally: Tally): Promise<void> => {
  const { answers, end } = await tell(port, bytes)
  tally.count(
    `broken requests: ${answers.length > 0 ? 'answered' : end === 'closed' ? 'closed' : 'waited for more of'}`,
  )
  const statuses = answers.map(({ status }) => status)
  if (statuses.some((status) => status >= 500)) tally.fault(`${what}: ${statuses}`, bytes.toString('latin1', 0, 2_000))
  if (fate === 'refused' && statuses.some((status) => status < 400)) tally.fault(`${what} was taken`, `${statuses}`)
  if (fate === 'once' && statuses.length > 1) tally.fault(`${what} was answered more than once`, `${statuses}`)
}

const judge = ({ status, body }: Heard, request: HostileRequest, tally: Tally): void => {
  tally.count(`requests: ${status}`)
  if (status < 400 || (request.method === 'HEAD' && status < 500)) return
  const { refused } = refusalIn(body)
  const known = typeof refused === 'string' && isReason(refused) ? refused : undefined
  const fits = known !== undefined && (refusals[known].status === status || (known === 'malformed' && status === 405))
  if (!fits) tally.fault(`${status} without its reason`, `${body.slice(0, 200)} to ${shown(request)}`)
  if (status >= 500 && !(known === 'behind' && request.waits))
    tally.fault(`${status} ${body.slice(0, 80)}`, shown(request))
}

const refusalIn = (body: string): { refused?: unknown } => {
  try {
    return Object(JSON.parse(body))
  } catch {
    return {}
  }
}
const shown = ({ bytes }: HostileRequest): string => JSON.stringify(bytes.toString('latin1', 0, 1_200))
