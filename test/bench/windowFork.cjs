// Loaded by Electron's main process before the app: lets the measured entry stand before every utility process's own.
const path = require('node:path');
const { utilityProcess } = require('electron');

const fork = utilityProcess.fork.bind(utilityProcess);
utilityProcess.fork = (entry, words, options) =>
  fork(path.join(__dirname, 'windowEngine.mjs'), [entry, process.env.STREAMSCOPE_BENCH_SOCKET, ...words], options);
