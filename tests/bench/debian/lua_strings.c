//# set: real
//# count: 140
//# short: 1
//# package: lua5.4
//# folder: src
//# include: include
//# sources: lapi.c lauxlib.c lbaselib.c lcode.c lctype.c ldebug.c ldo.c ldump.c lfunc.c lgc.c llex.c lmathlib.c
//# sources: lmem.c lobject.c lopcodes.c lparser.c lstate.c lstring.c lstrlib.c ltable.c ltablib.c ltm.c lundump.c lutf8lib.c
//# sources: lvm.c lzio.c
//# flags: -DLUAI_THROW(L,c)=abort() -DLUAI_TRY(L,c,a)={a} -Dluai_jmpbuf=int -Dluai_makeseed(L)=1 -Dl_signalT=int -Dl_randomizePivot()=0 -Wno-c23-extensions
// Lua, with a script that matches patterns, formats, cuts and joins strings.
static const char script[] = {
#embed "lua_strings.lua"
};
#include "lua_program.h"
