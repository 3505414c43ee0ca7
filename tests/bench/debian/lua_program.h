// Lua with a script that is part of the program, `script`, and calls it with the count. Errors end the program: that is
// what the macros in the directives make of Lua's long jumps, which WASI has not. So there are no coroutines either.
#include "../c/bench.h"
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

static const luaL_Reg libraries[] = {
    {LUA_GNAME, luaopen_base},       {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
    {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},
};

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    lua_State *lua = luaL_newstate();
    if (!lua)
        return 1;
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(lua, libraries[i].name, libraries[i].func, 1);
        lua_pop(lua, 1);
    }
    if (luaL_loadbuffer(lua, script, sizeof script, "script") != LUA_OK) {
        fprintf(stderr, "%s\n", lua_tostring(lua, -1));
        return 1;
    }
    lua_pushinteger(lua, count);
    lua_call(lua, 1, 0);
    lua_close(lua);
    return 0;
}
