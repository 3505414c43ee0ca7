//# set: small
//# count: 420
//# short: 1
// Calls through pointers: objects with tables of functions, a pipeline of filters, events and their listeners.
#include "bench.h"

// ---- Objects of different kinds, and what they can do.

typedef struct Shape Shape;
typedef struct {
    int64_t (*area)(const Shape *);
    void (*move)(Shape *, int32_t, int32_t);
    int (*contains)(const Shape *, int32_t, int32_t);
} Methods;
struct Shape {
    const Methods *methods;
    int32_t x, y, a, b;
};

static void move(Shape *s, int32_t x, int32_t y) {
    s->x += x;
    s->y += y;
}
static void move_back(Shape *s, int32_t x, int32_t y) {
    s->x -= x / 2;
    s->y -= y / 2;
}
static int64_t box_area(const Shape *s) { return (int64_t)s->a * s->b; }
static int64_t disc_area(const Shape *s) { return (int64_t)s->a * s->a * 355 / 113; }
static int64_t diamond_area(const Shape *s) { return (int64_t)2 * s->a * s->a; }
static int64_t triangle_area(const Shape *s) { return (int64_t)s->a * s->b / 2; }
static int in_box(const Shape *s, int32_t x, int32_t y) {
    return x >= s->x && x < s->x + s->a && y >= s->y && y < s->y + s->b;
}
static int in_disc(const Shape *s, int32_t x, int32_t y) {
    return (x - s->x) * (x - s->x) + (y - s->y) * (y - s->y) <= s->a * s->a;
}
static int in_diamond(const Shape *s, int32_t x, int32_t y) { return abs(x - s->x) + abs(y - s->y) <= s->a; }
static int in_triangle(const Shape *s, int32_t x, int32_t y) {
    return x >= s->x && y >= s->y && (int64_t)(x - s->x) * s->b + (int64_t)(y - s->y) * s->a <= (int64_t)s->a * s->b;
}
static const Methods kinds[4] = {
    {box_area, move, in_box},
    {disc_area, move_back, in_disc},
    {diamond_area, move, in_diamond},
    {triangle_area, move_back, in_triangle},
};

enum { SHAPES = 2000 };
static Shape shapes[SHAPES];

static int64_t visit_shapes(int32_t x, int32_t y) {
    int64_t sum = 0;
    for (int i = 0; i < SHAPES; i++) {
        Shape *s = &shapes[i];
        sum += s->methods->area(s);
        if (s->methods->contains(s, x, y))
            sum ^= i;
        s->methods->move(s, x % 5 - 2, y % 5 - 2);
    }
    return sum;
}

// ---- A pipeline whose stages are chosen while it runs.

typedef uint32_t (*Stage)(uint32_t, void *);
static uint32_t add(uint32_t x, void *state) { return x + *(uint32_t *)state; }
static uint32_t rotate(uint32_t x, void *state) {
    (void)state;
    return x << 7 | x >> 25;
}
static uint32_t count_up(uint32_t x, void *state) { return x ^ (*(uint32_t *)state)++; }
static uint32_t halve(uint32_t x, void *state) { return x & 1 ? x >> 1 ^ *(uint32_t *)state : x >> 1; }
static const Stage stages[4] = {add, rotate, count_up, halve};

static uint32_t pipeline(uint32_t x, const uint8_t *choice, int length, uint32_t *state) {
    for (int i = 0; i < length; i++)
        x = stages[choice[i] & 3](x, state);
    return x;
}

// ---- Events.

typedef struct Listener {
    void (*hear)(struct Listener *, uint32_t);
    struct Listener *next;
    uint64_t sum;
} Listener;
static void add_up(Listener *l, uint32_t event) { l->sum += event; }
static void mix(Listener *l, uint32_t event) { l->sum = l->sum * 33 ^ event; }
static void remember_largest(Listener *l, uint32_t event) { l->sum = event > l->sum ? event : l->sum; }
static Listener listeners[3] = {
    {add_up, &listeners[1], 0}, {mix, &listeners[2], 0}, {remember_largest, NULL, 0}};

static void tell(uint32_t event) {
    for (Listener *l = listeners; l; l = l->next)
        l->hear(l, event);
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint8_t choice[64];
    uint32_t state = 1;
    uint64_t sum = 0;
    random_bytes(choice, sizeof choice);
    for (int i = 0; i < SHAPES; i++)
        shapes[i] = (Shape){&kinds[random_bits() >> 62], (int32_t)(random_bits() % 100), (int32_t)(random_bits() % 100),
                            (int32_t)(random_bits() % 50), (int32_t)(random_bits() % 50)};
    for (unsigned n = 0; n < count; n++)
        for (int32_t i = 0; i < 30; i++) {
            sum = sum * 31 + (uint64_t)visit_shapes(i * 3 % 100, i * 7 % 100);
            for (int j = 0; j < 40; j++)
                tell(pipeline((uint32_t)sum + (uint32_t)j, choice, sizeof choice, &state));
        }
    for (int i = 0; i < 3; i++)
        sum = sum * 31 + listeners[i].sum;
    return finish(sum);
}
