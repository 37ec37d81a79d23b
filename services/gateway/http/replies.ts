import { type Answer, type Reason, refusal, refusals } from '@verbatim/protocol'
import type { Position } from '@verbatim/services/event-log'
import type { Denied } from '@verbatim/services/identity'
import type { Reply } from './route.ts'

export const refused = (reason: Reason, detail?: string, retryAfter?: number): Reply => {
  const json = refusal(reason, detail, retryAfter)
  return {
    status: refusals[reason].status,
    json,
    refused: reason,
    ...(json.retryAfter !== undefined && { headers: [['retry-after', `${json.retryAfter}`]] as const }),
  }
}

/** The same bytes for what is not there and for what is not his. */
export const notFound = refused('not-found')
export const denied = ({ reason, detail, retryAfter }: Denied): Reply => refused(reason, detail, retryAfter)

export const ok = (json: unknown): Reply => ({ status: 200, json })
export const noContent: Reply = { status: 204 }

/** What a model answered, with the position that it stood at. */
export const read = (position: Position, json: unknown): Reply => ({
  status: 200,
  json,
  headers: [['x-verbatim-position', `${position}`]],
})

export const answered = (answer: Answer): Reply => {
  if (answer.kind === 'refused') return refused(answer.reason, answer.detail, answer.retryAfter)
  const { kind: _, ...accepted } = answer
  return ok(accepted)
}
