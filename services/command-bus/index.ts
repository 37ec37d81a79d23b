export * from './adapters/local.ts'
export * from './port.ts'
