import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The running gateway that `npm run dev` shows. */
const gateway = process.env['FAIRLEAD_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  // Addresses relative to the page, so that the dashboard works behind any path prefix.
  base: './',
  plugins: [
    react(),
    // The gateway writes each page's way to the root; here the root is always /.
    { name: 'base', apply: 'serve', transformIndexHtml: (html: string) => html.replace('<base href="./" />', '<base href="/" />') },
  ],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1', proxy: { '/api': gateway, '/v1': gateway, '/health': gateway } },
  test: { include: ['src/**/*.test.ts'] },
});
