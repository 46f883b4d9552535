import type { Plugin } from 'vite';

export function mockGateway(): Plugin {
  return { name: 'mock-gateway', apply: 'serve' };
}
