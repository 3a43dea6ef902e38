import type { ComponentType, ReactNode } from 'react';
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import './reference.css';

// scheme.js has found out which colours the reader wants; who has chosen none in the app has those of the system,
// also when it changes at night.
const page = document.documentElement;
page.classList.toggle('dark-mode', page.getAttribute('data-mantine-color-scheme') === 'dark');
const chosen = window.localStorage.getItem('mantine-color-scheme-value');
if (chosen !== 'light' && chosen !== 'dark') {
  window
    .matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', ({ matches }) => page.classList.toggle('dark-mode', matches));
}

/** What the library draws, mended where somebody who cannot see it would be lost. */
const readable = ({ React }: { React: typeof import('react') }) => ({
  components: { ServersContainer: () => null }, // there is one server: this one
  wrapComponents: {
    // A link inside the button that opens an operation cannot be reached by itself.
    DeepLink:
      () =>
      ({ text }: { text: ReactNode }) =>
        React.createElement('span', null, text),
    InfoContainer: (Original: ComponentType) => (props: object) =>
      React.createElement('div', { role: 'banner' }, React.createElement(Original, props)),
    // The areas are headings of the third level, and need one above them.
    FilterContainer: (Original: ComponentType) => (props: object) =>
      React.createElement(
        'search',
        null,
        React.createElement('h2', null, 'Operations'),
        React.createElement(Original, props),
      ),
  },
});

SwaggerUI({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  filter: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { activated: false }, // its colours are too faint to be read
  plugins: [readable],
  // Nothing is asked of another server: neither whether the description is valid, nor where to sign in.
  validatorUrl: null,
  oauth2RedirectUrl: '',
});
