import type { Answer, Reason, Ulid } from '@verbatim/protocol'
import { refusal } from '@verbatim/protocol'

/** Ids, reasons and positions hold nothing that JSON would have to escape. */
export const answerFrame = (answer: Answer): string => {
  if (answer.kind === 'refused') return refusedFrame(answer)
  const { id, revision, position, conversation } = answer
  const addition = conversation === undefined ? '' : `,"conversation":"${conversation}"`
  return `{"type":"ack","id":"${id}","revision":${revision},"position":"${position}"${addition}}`
}

const refusedFrame = (answer: { id: Ulid; reason: Reason; detail?: string; retryAfter?: number }): string => {
  const { refused: reason, ...rest } = refusal(answer.reason, answer.detail, answer.retryAfter)
  return JSON.stringify({ type: 'refused', id: answer.id, reason, ...rest })
}
