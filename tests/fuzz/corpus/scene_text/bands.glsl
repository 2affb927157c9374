// SPDX
// name: Titel mit ü
// soft: fine
// band: 0.0 0.5
// band: 0.5 1e9
// band: nan -1
// band: x
vec4 soft(vec2 uv) {}
vec3 scene(vec2 at) {}
