//! Calls an exported function with the arguments of the command line.
