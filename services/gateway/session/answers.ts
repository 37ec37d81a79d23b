import type { Answer, Reason, Ulid } from '@verbatim/protocol'
import { refusal } from '@verbatim/protocol'
import type { Connection } from './connection.ts'

/** Collects the answers of one turn per socket and sends them in one write, together with what was published to it. */
export interface Answers {
  give(connection: Connection, answer: Answer): void
}

export const answers = (): Answers => {
  let waiting: Connection[] = []
  const flush = () => {
    const now = waiting
    waiting = []
    for (const connection of now) {
      const texts = connection.answers
      connection.answers = undefined
      if (texts) connection.socket?.cork(() => texts.forEach((text) => void connection.send(text)))
    }
  }
  return {
    give(connection, answer) {
      if (!connection.open) return
      if (connection.answers) connection.answers.push(answerFrame(answer))
      else {
        connection.answers = [answerFrame(answer)]
        waiting.push(connection)
        // Behind every promise of this turn: the answers of one commit come one after another in it. Before the loop
        // turns, since then the published frames go out by themselves.
        if (waiting.length === 1) process.nextTick(flush)
      }
    },
  }
}

/** Ids, reasons and positions hold nothing that JSON would have to escape. */
const answerFrame = (answer: Answer): string => {
  if (answer.kind === 'refused') return refusedFrame(answer)
  const { id, revision, position, conversation } = answer
  const addition = conversation === undefined ? '' : `,"conversation":"${conversation}"`
  return `{"type":"ack","id":"${id}","revision":${revision},"position":"${position}"${addition}}`
}

const refusedFrame = (answer: { id: Ulid; reason: Reason; detail?: string; retryAfter?: number }): string => {
  const { refused: reason, ...rest } = refusal(answer.reason, answer.detail, answer.retryAfter)
  return JSON.stringify({ type: 'refused', id: answer.id, reason, ...rest })
}
