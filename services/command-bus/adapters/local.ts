import type { CommandBus, CommandHandler } from '../port.ts'

/** The handler in the same process: a function call. */
export const localCommandBus = (handle: CommandHandler): CommandBus => ({ send: handle })
