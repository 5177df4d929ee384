const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
  ],
};

/** @param {string} name @param {string[]} testMatch */
const project = (name, testMatch) => ({
  displayName: name,
  testMatch,
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  transformIgnorePatterns: ['/node_modules/'],
});

export default {
  // `npm test` takes all but the browser tests, which need Debian's chromium: `npm run test:browser`.
  projects: [
    project('rules', ['<rootDir>/test/architecture/**/*.test.ts']),
    project('unit', ['<rootDir>/test/unit/**/*.test.ts']),
    project('integration', ['<rootDir>/test/integration/**/*.test.ts']),
    project('browser', ['<rootDir>/test/browser/**/*.test.ts']),
  ],
  // Modules of a test file are never let go of (https://github.com/jestjs/jest/issues/14605): in one process that all files
  // share, memory ends before they do. A worker that holds more than this makes room for a new one.
  workerIdleMemoryLimit: '1GB',
  // Far more than any test takes; the machines that run them are shared.
  testTimeout: 60_000,
};
