import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows no inline scripts and no data: scripts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: 'manifest.json',
  },
  server: {
    port: 5173,
    fs: { allow: ['..'] },
    proxy: { '/v1': server, '/.well-known': server, '/openapi.json': server, '/mailbox': server },
  },
});
