// What the package's own build writes: where modules lie, of which the programs load none.
#define DEB_HOST_MULTIARCH ""
