import { isUlid, notYet, type Order } from '@verbatim/protocol'

const later: ReadonlySet<string> = new Set(notYet)

/** Whether the contract has it and this version does not. Asked before any id is looked at. */
export const isNotYet = ({ command }: Order): boolean => {
  switch (command.type) {
    case 'SendMessage':
    case 'EditMessage':
      return command.body.attachments !== undefined || command.body.voice !== undefined
    case 'React':
    case 'Unreact':
      // The id of a custom emoji, of which there are none yet.
      return isUlid(command.emoji)
    case 'ChangeProfile':
      return command.avatar !== undefined && command.avatar !== null
    default:
      return later.has(command.type)
  }
}
