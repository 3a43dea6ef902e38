import { useMediaQuery } from '@mantine/hooks';

/** Whether the page is as wide as a phone. Styles ask the same of their media. */
export const useNarrow = () => useMediaQuery('(max-width: 720px)', undefined, { getInitialValueInEffect: false });
