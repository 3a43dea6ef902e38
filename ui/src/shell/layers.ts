/** Whether a dialog or a side panel lies over the page, or over the one of them that is asked about. */
export const covered = (layer?: Element | null): boolean =>
  [...document.querySelectorAll('[aria-modal=true]')].some((other) => other !== layer);

/** Whether the keyboard is in a field to write in, whose keys are its own. */
export const writing = (): boolean =>
  document.activeElement?.matches('textarea, input:not([type=checkbox], [type=radio])') ?? false;
