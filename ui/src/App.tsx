import { MantineProvider } from '@mantine/core';
import { useMemo, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { Pages } from './Pages';
import { Boundary } from './shell/Boundary';
import { Steps } from './shell/Steps';
import { BrandProvider } from './theme/brand';
import { themeOf, variables } from './theme/theme';

/** The frame around every page: theme and routes. */
export function App() {
  const [accent, setAccent] = useState('');
  const theme = useMemo(() => themeOf(accent), [accent]);

  // Mantine writes all its variables itself, so the page loads no style sheet of defaults.
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      deduplicateCssVariables={false}
      defaultColorScheme="auto"
    >
      <BrandProvider value={setAccent}>
        <BrowserRouter>
          <Steps />
          <Boundary>
            <Pages />
          </Boundary>
        </BrowserRouter>
      </BrandProvider>
    </MantineProvider>
  );
}
