/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** In development the API, tiles and styles come from a server that is already running. */
const server = process.env.GRIDBEAT_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // MapLibre alone is about a megabyte and cannot be split further.
    chunkSizeWarningLimit: 1300,
    // Fonts and workers stay files: the page's content policy allows no data: fonts.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The pages of the API draw Chinese with the client's font, and have its icon: they link to `/fonts.css` and
      // `/favicon.svg`.
      input: { index: 'index.html', fonts: 'src/fonts.css' },
      output: {
        // Module workers need a JavaScript content type, which not every server gives to .mjs.
        assetFileNames: (asset) => {
          if (['fonts.css', 'favicon.svg'].includes(asset.names[0] ?? '')) return '[name][extname]';
          return asset.names[0]?.endsWith('.mjs') ? 'assets/[name]-[hash].js' : 'assets/[name]-[hash][extname]';
        },
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /node_modules[\\/](maplibre-gl|@maplibre|@mapbox)[\\/]/, priority: 3 },
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|i18next|react-i18next|@tanstack)[\\/]/, priority: 2 },
            { name: 'antd', test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-[^\\/]+)[\\/]/, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(['/api', '/tiles', '/styles', '/sprites', '/fonts', '/healthz'].map((p) => [p, server])) },
  test: { environment: 'node', include: ['test/**/*.test.ts'] },
});
