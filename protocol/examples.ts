/** The cast of every test, seed and document: `sendMessage({ body: { text: 'hi' } })`. Nothing in it is random. */
export * from './examples/cast.ts'
export * from './examples/commands.ts'
export * from './examples/events.ts'
