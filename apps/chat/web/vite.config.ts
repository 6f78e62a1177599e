import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022" },
  // The stores and the chat client know nothing of the DOM, so plain Node is enough to test them.
  test: { environment: "node", include: ["src/**/*.test.ts"], setupFiles: ["./vitest.setup.mjs"] },
});
