import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// FAIRLEAD_URL=http://localhost:8080 npm run dev works on a running gateway; without it a made-up one answers.
const gateway = process.env['FAIRLEAD_URL'];

export default defineConfig(async ({ command }) => ({
  base: './',
  plugins: [react(), ...(command === 'serve' && gateway === undefined && process.env['VITEST'] === undefined ? [(await import('./dev/mock.ts')).mockGateway()] : [])],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    host: '127.0.0.1',
    ...(gateway === undefined
      ? {}
      : { proxy: { '/api': gateway, '/v1': gateway, '/health': gateway, '/livez': gateway } }),
  },
  test: { include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
}));
