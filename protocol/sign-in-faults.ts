/**
 * Why a sign-in by a provider came to nothing: what `/?error=` says when the browser is back. The two reasons that are
 * also refusals mean the same here.
 */
export const signInFaults = {
  'access-denied': 'The person said no at the provider.',
  'attempt-over': 'It took longer than ten minutes, was finished before, or the server has started anew: begin again.',
  'answer-mismatch': 'The answer does not belong to this attempt or fails a check; nobody was signed in.',
  'provider-unreachable': 'The provider does not answer: it can be tried again later.',
  'provider-misconfigured': 'The provider refuses this server, or is not what the settings say; the log says more.',
  'provider-refused': 'The provider did not sign the person in, for a reason of its own.',
  'clock-skew': 'The clocks of the provider and of this server are too far apart.',
  'linked-elsewhere': 'That account of the provider belongs to somebody else here.',
  'not-signed-in': 'Whoever wanted to link an account has been signed out meanwhile.',
  'too-fast': 'Too many attempts from one address.',
  unavailable: 'A part of the server does not answer: it can be tried again.',
} as const

export type SignInFault = keyof typeof signInFaults
export const isSignInFault = (text: string): text is SignInFault => Object.hasOwn(signInFaults, text)
