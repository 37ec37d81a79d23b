import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'

// Group commit and nothing else: everything that waits is one transaction, answered batch by batch after it.
const database = new Database(workerData.file)
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE messages (position INTEGER PRIMARY KEY, conversation TEXT, id TEXT, text TEXT)')
const insert = database.prepare('INSERT INTO messages (conversation, id, text) VALUES (?, ?, ?)')
const commit = database.transaction((batches: string[][]) => {
  for (const batch of batches)
    for (let i = 0; i < batch.length; i += 3) insert.run(batch[i], batch[i + 1], batch[i + 2])
})

const port = parentPort as MessagePort
port.on('message', (first: string[]) => {
  const batches = [first]
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) batches.push(next.message)
  commit(batches)
  for (const _ of batches) port.postMessage(0)
})
