// Lua includes it, and with the macros of lua_program.h uses nothing of it; WASI's library has none.
