import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: { outDir: '../dist/web', emptyOutDir: true, sourcemap: false, chunkSizeWarningLimit: 1_500 },
  server: { host: '127.0.0.1', proxy: { '/api': 'http://127.0.0.1:3000', '/preview': 'http://127.0.0.1:3000' } },
})
