/** One figure that fails is the trouble of that figure alone. */

/**
 * Do something for one figure. If it throws, the browser reports the error as it reports any other,
 * and the other figures go on.
 * @template T
 * @param {() => T} action
 * @returns {T | undefined} undefined where it has thrown
 */
export function isolated(action) {
  try {
    return action();
  } catch (error) {
    reportError(error);
    return undefined;
  }
}
