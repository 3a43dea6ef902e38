const mobiles = ['iPhone', 'iPad', 'Android'];
const unknown = 'Unknown device';

/**
 * A device as the API names it ("Firefox on Linux", or the half that is known)
 * in its parts, so that it can be said in the reader's language.
 */
export function deviceOf(device: string) {
  const [browser = '', system = ''] = device === unknown ? [] : device.split(' on ');
  return { browser, system, mobile: mobiles.includes(system) || mobiles.includes(browser) };
}
