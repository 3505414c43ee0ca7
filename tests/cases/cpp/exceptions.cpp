//! Exceptions of C++ in the legacy form, which clang 14 knows: classes with bases and destructors, through frames with
//! objects to destroy, caught by type and thrown again.
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

#include <stdio.h>

struct Noisy {
    const char *name;
    Noisy(const char *name) : name(name) {}
    ~Noisy() { printf("destroyed: %s\n", name); }
};

struct Base {
    int code;
    Base(int code) : code(code) {}
    virtual ~Base() {}
    virtual const char *what() const { return "base"; }
};
struct Derived : Base {
    using Base::Base;
    const char *what() const override { return "derived from base"; }
};
struct DerivedTwice : Derived {
    using Derived::Derived;
    const char *what() const override { return "derived twice"; }
};

static void thrower(int n) {
    Noisy local("local");
    switch (n) {
    case 0: throw Derived(7);
    case 1: throw 42;
    case 2: throw "text";
    case 4: throw DerivedTwice(9);
    default: thrower(n - 3);
    }
}

static int descend(int depth, int value) {
    if (depth == 0) throw value;
    struct Counter {
        int *count;
        ~Counter() { --*count; }
    } counter = {&depth};
    return descend(depth - 1, value) + depth;
}

int main() {
    for (int n = 0; n < 5; ++n) {
        try {
            Noisy outer("outer");
            thrower(n);
        } catch (const Base &exception) {
            printf("%s: %d\n", exception.what(), exception.code);
        } catch (int number) {
            printf("int: %d\n", number);
        } catch (...) {
            try {
                throw;
            } catch (const char *text) {
                printf("%s, on second thought\n", text);
            }
        }
    }
    int caught = 0;
    for (int i = 0; i < 5000; ++i) {
        try {
            descend(100, i);
        } catch (int value) {
            caught += value == i;
        }
    }
    printf("%d exceptions below 100 frames\n", caught);
    return 0;
}
