import { describeEventLog } from '../event-log.contract.ts'
import { openSqlite } from './sqlite.rig.ts'

describeEventLog('SQLite', async () => openSqlite().log)
