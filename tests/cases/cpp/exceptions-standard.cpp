//! The same in the form of WebAssembly 3.0.
//# also: --pie
//# also aarch64: --branch-protection pac-ret
//# exceptions: standard
//# stdout:
//| destroyed: local
//| destroyed: outer
//| derived from base: 7
//| destroyed: local
//| destroyed: outer
//| int: 42
//| destroyed: local
//| destroyed: outer
//| text, on second thought
//| destroyed: local
//| destroyed: local
//| destroyed: outer
//| derived from base: 7
//| destroyed: local
//| destroyed: outer
//| derived twice: 9
//| 5000 exceptions below 100 frames
#include "exceptions.cpp"
