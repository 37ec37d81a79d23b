import type { Answer, Order } from '@verbatim/protocol'

/**
 * Carries a command to the one handler that owns its key and brings the answer back.
 * Transport only: wiping it loses nothing that was acknowledged. Commands of one key arrive in the order sent.
 */
export interface CommandBus {
  /** Always answers; a lost handler is a refusal `unavailable`, to be sent again under the same id. */
  send(order: Order): Promise<Answer>
}
export type CommandHandler = (order: Order) => Promise<Answer>
