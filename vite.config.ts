// Builds the browser programs of src/web into dist/web: the chat frame, the launcher for other sites, the pages'
// style. `src/http/web-assets.ts` runs this when the sources changed.
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    modulePreload: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        widget: 'src/web/widget/main.tsx',
        embed: 'src/web/embed.ts',
        page: 'src/web/page.css',
      },
      output: {
        // Agencies paste its address once: it must never change.
        entryFileNames: (chunk) => (chunk.name === 'embed' ? 'embed.js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
