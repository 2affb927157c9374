// name: ÿş
// band: 0 1
// band: 0 1
// band: 0 1
// band: 0 1
// band: 0 1
// band: 0 1
