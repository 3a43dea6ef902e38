import { defineConfig } from '@playwright/test';
import config from './playwright.config';

// `npm run picture` draws what the README shows; it is no test.
export default defineConfig({ ...config, testMatch: 'picture.ts', workers: 1 });
