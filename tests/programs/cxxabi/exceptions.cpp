// What clang's exceptions of WebAssembly need of a C++ library, for programs of the tests: Debian's libraries for
// wasm32-wasi are built without. One thread, no exception specifications, no virtual base classes.
//
// https://github.com/WebAssembly/tool-conventions/blob/main/EHScheme.md
// https://itanium-cxx-abi.github.io/cxx-abi/abi-eh.html

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

namespace std {
class type_info {
  public:
    virtual ~type_info();
    const char *name;
    bool operator==(const type_info &other) const { return strcmp(name, other.name) == 0; }
};
type_info::~type_info() {}
[[noreturn]] void terminate() noexcept { abort(); }
} // namespace std

void operator delete(void *pointer) noexcept { free(pointer); }

// The classes whose vtables type information points to. A vtable is where the destructor is.
namespace __cxxabiv1 {
struct __fundamental_type_info : std::type_info {
    ~__fundamental_type_info() override;
};
__fundamental_type_info::~__fundamental_type_info() {}
struct __pointer_type_info : std::type_info {
    ~__pointer_type_info() override;
};
__pointer_type_info::~__pointer_type_info() {}
struct __class_type_info : std::type_info {
    ~__class_type_info() override;
    // The base class of a class with one.
    virtual const __class_type_info *base() const { return nullptr; }
};
__class_type_info::~__class_type_info() {}
struct __si_class_type_info : __class_type_info {
    ~__si_class_type_info() override;
    const __class_type_info *base_type;
    const __class_type_info *base() const override { return base_type; }
};
__si_class_type_info::~__si_class_type_info() {}
} // namespace __cxxabiv1

namespace {
struct Exception {
    const std::type_info *type;
    // A destructor of WebAssembly returns the object.
    void *(*destroy)(void *);
    int handlers;
    Exception *outer;
};

Exception *caught;

void *object(Exception *exception) { return exception + 1; }

bool catches(const std::type_info *type, const Exception *exception) {
    if (!type || *type == *exception->type) return true;
    using __cxxabiv1::__class_type_info;
    // Only a class has bases; its name begins with a length or says that it is nested.
    const char *name = exception->type->name;
    if (strchr("0123456789N", *name) == nullptr) return false;
    auto *thrown = static_cast<const __class_type_info *>(exception->type);
    while (thrown && !(*thrown == *type)) thrown = thrown->base();
    return thrown != nullptr;
}

uint32_t unsigned_leb(const uint8_t *&at) {
    uint32_t value = 0, shift = 0;
    uint8_t byte;
    do {
        byte = *at++;
        value |= uint32_t(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

int32_t signed_leb(const uint8_t *&at) {
    const uint8_t *start = at;
    int32_t value = int32_t(unsigned_leb(at));
    int bits = int(at - start) * 7;
    if (bits < 32 && at[-1] & 0x40) value |= -1 << bits;
    return value;
}

// The number of the first clause of a landing pad that catches the exception, 0 if none does.
int choose(const uint8_t *at, uint32_t landing_pad, const Exception *exception) {
    at++; // where landing pads count from: always the default
    const uint8_t *types = nullptr;
    if (*at++ != 0xff) {
        uint32_t offset = unsigned_leb(at);
        types = at + offset;
    }
    at++; // how calls are encoded: always LEB128
    uint32_t length = unsigned_leb(at);
    const uint8_t *actions = at + length;
    uint32_t action;
    do {
        unsigned_leb(at);
        action = unsigned_leb(at);
    } while (landing_pad-- > 0);
    if (action == 0) return 0;
    at = actions + action - 1;
    for (;;) {
        int32_t clause = signed_leb(at);
        if (clause > 0) {
            const std::type_info *type;
            memcpy(&type, types - clause * sizeof type, sizeof type);
            if (catches(type, exception)) return clause;
        }
        const uint8_t *next = at;
        int32_t offset = signed_leb(at);
        if (offset == 0) return 0;
        at = next + offset;
    }
}
} // namespace

extern "C" {
struct {
    uint32_t landing_pad;
    const uint8_t *table;
    uint32_t selector;
} __wasm_lpad_context;

int _Unwind_CallPersonality(void *thrown) {
    auto &context = __wasm_lpad_context;
    context.selector = choose(context.table, context.landing_pad, static_cast<Exception *>(thrown));
    return 0;
}

void *__cxa_allocate_exception(size_t size) noexcept {
    void *memory = calloc(1, sizeof(Exception) + size);
    return static_cast<Exception *>(memory) + 1;
}

void __cxa_free_exception(void *thrown) noexcept { free(static_cast<Exception *>(thrown) - 1); }

[[noreturn]] void __cxa_throw(void *thrown, std::type_info *type, void *(*destroy)(void *)) {
    Exception *exception = static_cast<Exception *>(thrown) - 1;
    exception->type = type;
    exception->destroy = destroy;
    __builtin_wasm_throw(0, exception);
}

void *__cxa_begin_catch(void *thrown) noexcept {
    Exception *exception = static_cast<Exception *>(thrown);
    if (exception->handlers++ == 0) {
        exception->outer = caught;
        caught = exception;
    }
    // Of a pointer, what it points to.
    bool is_pointer = *exception->type->name == 'P';
    return is_pointer ? *static_cast<void **>(object(exception)) : object(exception);
}

void *__cxa_get_exception_ptr(void *thrown) noexcept { return object(static_cast<Exception *>(thrown)); }

void __cxa_end_catch() {
    Exception *exception = caught;
    // One that was thrown again is still on its way.
    if (exception->handlers < 0) {
        if (++exception->handlers == 0) caught = exception->outer;
        return;
    }
    if (--exception->handlers > 0) return;
    caught = exception->outer;
    if (exception->destroy) exception->destroy(object(exception));
    free(exception);
}

[[noreturn]] void __cxa_rethrow() {
    caught->handlers = -caught->handlers;
    __builtin_wasm_throw(0, caught);
}
}

#ifdef STANDARD_EXCEPTIONS
// Each object has this tag in the legacy form; later LLVMs ask the library for it.
asm(".globl __cpp_exception\n"
    ".tagtype __cpp_exception i32\n"
    "__cpp_exception:\n");
#endif
