import { describeSockets } from '../sockets.contract.ts'
import { wsSockets } from './ws.ts'

describeSockets('ws', wsSockets)
