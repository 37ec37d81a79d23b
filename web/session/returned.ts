import { isSignInFault, type SignInFault } from '@verbatim/protocol/sign-in-faults'

/** What became of a sign-in by a provider, in the person's words. */
const said: Record<SignInFault, string> = {
  'access-denied': 'You were not signed in: you said no at the provider.',
  'attempt-over': 'That attempt is over. Please try again.',
  'answer-mismatch': 'You were not signed in: the answer did not belong to this browser. Please try again.',
  'provider-unreachable': 'The provider does not answer. Try again in a while, or sign in another way.',
  'provider-misconfigured': 'This provider is not set up rightly. Whoever runs this server can see why in its log.',
  'provider-refused': 'The provider did not sign you in.',
  'clock-skew': 'The clocks of the provider and of this server differ too much. Whoever runs this server can set them.',
  'linked-elsewhere': 'That account belongs to somebody else here already.',
  'not-signed-in': 'You were signed out meanwhile, so nothing was linked.',
  'too-fast': 'That was too often. Try again in a few minutes.',
  unavailable: 'The server is busy. Try again in a moment.',
}

export const sayFault = (fault: string): string => (isSignInFault(fault) ? said[fault] : 'That did not work.')

/** What the address says of a way back from a provider, and the address without it. */
export const readReturn = (address: URL): { notice: string; rest: string } => {
  const [error, linked] = [address.searchParams.get('error'), address.searchParams.get('linked')]
  for (const name of ['error', 'linked']) address.searchParams.delete(name)
  const rest = `${address.pathname}${address.search}`
  if (error !== null) return { notice: sayFault(error), rest: rest + address.hash }
  if (linked !== null) return { notice: 'Linked: you can sign in that way, too.', rest: `${rest}#panel=settings` }
  return { notice: '', rest: rest + address.hash }
}

/** To be told once: the address is cleaned, so that a reload does not tell it again. */
export const createNotice = () => {
  const address = new URL(location.href)
  const isReturn = address.searchParams.has('error') || address.searchParams.has('linked')
  const { notice, rest } = readReturn(address)
  if (isReturn) history.replaceState(null, '', rest)
  let untold = notice
  return {
    /** Empty when there is nothing to tell, or it was told. */
    take: (): string => {
      const told = untold
      untold = ''
      return told
    },
  }
}
export type Notice = ReturnType<typeof createNotice>
