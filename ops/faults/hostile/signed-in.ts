import type { ConversationId, ServerFrame } from '@verbatim/protocol'
import { type Account, ulid } from '../person.ts'
import { frameOf, openWire, type Wire } from './wire.ts'

export type Answer = Extract<ServerFrame, { type: 'ack' | 'refused' }>

/** A socket of somebody who is signed in, which sends what it is told when it is told, and nothing again. */
export interface SignedIn {
  readonly wire: Wire
  say(frame: object): void
  /** @throws when it is not answered within fifteen seconds */
  command(fields: { readonly type: string; readonly [field: string]: unknown }): Promise<Answer>
  text(conversation: ConversationId, text: string): Promise<Answer>
}

export const signedIn = async (port: number, { token }: Pick<Account, 'token'>): Promise<SignedIn> => {
  const wire = await openWire(port)
  let looked = 0
  const answers = new Map<string, Answer>()
  /** Each frame is looked at once, however many wait. */
  const answerTo = (id: string): Answer | undefined => {
    for (; looked < wire.heard.length; looked++) {
      const frame = wire.heard[looked]
      if (frame?.type === 'ack' || frame?.type === 'refused') answers.set(frame.id, frame)
    }
    return answers.get(id)
  }
  const say = (frame: object) => wire.write(frameOf(JSON.stringify(frame)))
  say({ type: 'hello', token })
  await wire.until(() => wire.over !== undefined || wire.heard.some(({ type }) => type === 'ready'))
  const command: SignedIn['command'] = async (fields) => {
    const id = ulid()
    say({ type: 'command', command: { id, ...fields } })
    await wire.until(() => wire.over !== undefined || answerTo(id) !== undefined)
    const answer = answerTo(id)
    if (!answer) throw new Error(`${fields.type} was not answered; the socket ended: ${JSON.stringify(wire.over)}`)
    return answer
  }
  return {
    wire,
    say,
    command,
    text: (conversation, text) => command({ type: 'SendMessage', conversation, body: { text } }),
  }
}
