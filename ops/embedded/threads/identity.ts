// The thread that keeps identity.db: handles, password hashes, sessions, keys.
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { openIdentityStore } from '@verbatim/services/identity'
import { serveCalls } from '@verbatim/services/threads'
import type { ThreadStart } from '../threads.ts'
import { beating } from '../watching/vitals.ts'

const { folder, ports, vitals } = workerData as ThreadStart<{ folder: string }>
beating(vitals)
const store = openIdentityStore(join(folder, 'identity.db'), { now: Date.now })
if (ports.store) serveCalls(ports.store, store)
parentPort?.postMessage('ready')
