import { describeCommandBus } from '../command-bus.contract.ts'
import { localCommandBus } from './local.ts'

describeCommandBus('local', localCommandBus)
