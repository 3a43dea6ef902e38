import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { BrowserRouter, useNavigate } from 'react-router';
import { newCache } from './api/cache';
import { Pages } from './Pages';
import { signInFrom } from './signin/way';
import { BrandProvider } from './theme/brand';
import { themeOf, variables } from './theme/theme';

/** The frame around every page: theme, cache and routes. */
export function App() {
  const [accent, setAccent] = useState('');
  const theme = useMemo(() => themeOf(accent), [accent]);

  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <BrandProvider value={setAccent}>
        <BrowserRouter>
          <Cached />
        </BrowserRouter>
      </BrandProvider>
    </MantineProvider>
  );
}

function Cached() {
  const navigate = useNavigate();
  const [cache] = useState(() =>
    newCache(() => {
      const way = signInFrom(window.location);
      if (!way) return;
      cache.clear();
      navigate(way, { replace: true, state: { ended: true } });
    }),
  );
  return (
    <QueryClientProvider client={cache}>
      <Pages />
    </QueryClientProvider>
  );
}
