import { describeLive } from '../live.contract.ts'
import { localLive } from './local.ts'

describeLive('local', localLive)
