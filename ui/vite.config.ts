import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { languageParts } from './languages.ts';

// What the sign-in page needs anyway goes into one file: it compresses better
// whole, and the weight of that page is a test.
const first = [
  /node_modules\/((react|react-dom|scheduler|react-router|i18next|react-i18next|openapi-fetch|clsx)\/|@mantine\/core\/esm\/(core\/(?!utils\/(create-scoped|find-element))|components\/(ActionIcon|Anchor|Button|Center|CloseButton|Input|InputBase|Loader|PasswordInput|Stack|Text|TextInput|Title|Transition|UnstyledButton)\/))/,
  /ui\/src\/(api\/(ask|client|problem)|form\/unsaved|language\/(index|LanguageLinks|problems|lookup|regional)|shell\/(Boundary|CardPage|Mark|Refusal|Steps)|signin\/(Note|Refused|SignInPage|way)|theme\/(accent|brand|theme))\.tsx?$/,
];

const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [languageParts(), react()],
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows no inline scripts and no data: scripts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // The reference of the API comes whole, on a page of its own; what the app loads is weighed by a test.
    chunkSizeWarningLimit: 1600,
    manifest: 'manifest.json',
    rolldownOptions: {
      input: ['index.html', 'reference.html'],
      output: { codeSplitting: { groups: [{ name: 'first', test: (id) => first.some((known) => known.test(id)) }] } },
    },
  },
  server: {
    port: 5173,
    fs: { allow: ['..'] },
    proxy: { '/v1': server, '/.well-known': server, '/openapi.json': server, '/mailbox': server },
  },
});
