export { accountsOver } from './accounts-over.ts'
export { commandHandler } from './handler.ts'
export type {
  CommandHandler,
  CommandHandlerOptions,
  CommandHandlerStats,
  MessageFact,
  MessageFacts,
} from './port.ts'
