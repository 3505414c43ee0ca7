//# set: coremark
//# count: 10000
//# short: 5
// The four jobs of an embedded processor, in the proportions that EEMBC's CoreMark made known, written anew: a linked
// list is searched, reversed and sorted, small matrices are multiplied, a state machine reads numbers, and a CRC of all
// of it steers what comes next.
#include "bench.h"

static uint16_t crc_bit(uint16_t crc, unsigned bit) {
    unsigned carry = (crc ^ bit) & 1;
    return (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
}

static uint16_t crc16(uint16_t crc, uint16_t value) {
    for (int i = 0; i < 16; i++)
        crc = crc_bit(crc, value >> i & 1u);
    return crc;
}

// ---- The list: a key and a value in separate cells.

typedef struct {
    int16_t value, key;
} Cell;
typedef struct Node {
    struct Node *next;
    Cell *cell;
} Node;
enum { NODES = 96 };
static Node nodes[NODES];
static Cell cells[NODES];

static Node *build_list(uint16_t seed) {
    for (int i = 0; i < NODES; i++) {
        cells[i].key = (int16_t)i;
        cells[i].value = (int16_t)((i * 97 ^ seed) & 0x7f);
        nodes[i] = (Node){i + 1 < NODES ? &nodes[i + 1] : NULL, &cells[i]};
    }
    return nodes;
}

static Node *reverse(Node *list) {
    Node *reversed = NULL;
    while (list) {
        Node *next = list->next;
        list->next = reversed;
        reversed = list;
        list = next;
    }
    return reversed;
}

static const Node *find_value(const Node *list, int16_t value) {
    while (list && (list->cell->value & 0x7f) != value)
        list = list->next;
    return list;
}

static int by_key(const Cell *a, const Cell *b) { return a->key - b->key; }
static int by_value(const Cell *a, const Cell *b) {
    return a->value != b->value ? a->value - b->value : a->key - b->key;
}

// Merge sort from the bottom, with a comparison that the caller chooses.
static Node *sort(Node *list, int (*compare)(const Cell *, const Cell *)) {
    for (int size = 1;; size *= 2) {
        Node *rest = list, **tail = &list;
        int merges = 0;
        while (rest) {
            merges++;
            Node *left = rest;
            int left_size = 0, right_size = size;
            while (rest && left_size < size) {
                left_size++;
                rest = rest->next;
            }
            while (left_size > 0 || (right_size > 0 && rest)) {
                int from_left = left_size > 0 && (right_size == 0 || !rest || compare(left->cell, rest->cell) <= 0);
                Node **side = from_left ? &left : &rest;
                *tail = *side;
                tail = &(*side)->next;
                *side = (*side)->next;
                *(from_left ? &left_size : &right_size) -= 1;
            }
        }
        *tail = NULL;
        if (merges <= 1)
            return list;
    }
}

// ---- The matrices.

enum { SIDE = 12 };
static int16_t left_matrix[SIDE][SIDE], right_matrix[SIDE][SIDE];
static int32_t product[SIDE][SIDE];

static void add_constant(int16_t by) {
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++)
            left_matrix[i][j] = (int16_t)(left_matrix[i][j] + by);
}

static void multiply(void) {
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++)
                sum += left_matrix[i][k] * right_matrix[k][j];
            product[i][j] = sum;
        }
}

static void multiply_bits(void) {
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++) {
                int32_t both = left_matrix[i][k] * right_matrix[k][j];
                sum += (both >> 2 & 0xf) * (both >> 5 & 0x7f);
            }
            product[i][j] = sum;
        }
}

static uint16_t crc_of_product(int32_t limit, uint16_t crc) {
    int32_t sum = 0, before = 0;
    uint16_t result = 0;
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t here = product[i][j];
            sum += here;
            if (sum > limit) {
                result = (uint16_t)(result + 10);
                sum = 0;
            } else {
                result = (uint16_t)(result + (here > before));
            }
            before = here;
        }
    return crc16(crc, result);
}

static uint16_t matrices(uint16_t seed, uint16_t crc) {
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            left_matrix[i][j] = (int16_t)((seed + i * SIDE + j) & 0xff);
            right_matrix[i][j] = (int16_t)((seed * (j + 1) + i) & 0xff);
        }
    add_constant((int16_t)(seed & 0xf));
    multiply();
    crc = crc_of_product(10000, crc);
    multiply_bits();
    crc = crc_of_product(10000, crc);
    add_constant((int16_t)-(seed & 0xf));
    return crc;
}

// ---- The state machine: what kind of number is it?

typedef enum { START, SIGN, WHOLE, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES } State;
enum { TEXT = 680 };
static char text[TEXT];
static uint32_t ends[STATES], transitions[STATES];

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static State next_state(State state, char c) {
    switch (state) {
    case START:
        return is_digit(c) ? WHOLE : c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN:
        return is_digit(c) ? WHOLE : c == '.' ? POINT : INVALID;
    case WHOLE:
        return is_digit(c) ? WHOLE : c == '.' ? POINT : c == 'e' || c == 'E' ? EXPONENT : INVALID;
    case POINT:
    case FRACTION:
        return is_digit(c) ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : INVALID;
    case EXPONENT:
        return c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case SCIENTIFIC:
        return is_digit(c) ? SCIENTIFIC : INVALID;
    default:
        return INVALID;
    }
}

static void read_text(void) {
    for (const char *at = text; *at;) {
        State state = START;
        for (; *at && *at != ','; at++) {
            State next = next_state(state, *at);
            transitions[state] += next != state;
            state = next;
        }
        ends[state]++;
        at += *at == ',';
    }
}

static void build_text(uint16_t seed) {
    static const char *const words[16] = {"5012",    "1234",     "-874",     "+122",     "35.54400",  ".1234500",
                                          "-110.70", "+0.64400", "5.500e+3", "-.123e-2", "-87e+832",  "+0.6e-12",
                                          "T0.3e-1F", "-T.T++Tq", "1T3.4e4z", "34.0e-T^"};
    size_t length = 0;
    memset(text, 0, sizeof text);
    for (unsigned i = seed; length + 10 < TEXT; i = i * 5 + 3) {
        const char *word = words[i >> 3 & 15];
        size_t size = strlen(word);
        memcpy(text + length, word, size);
        length += size;
        text[length++] = ',';
    }
}

static uint16_t state_machine(uint16_t seed, uint16_t crc) {
    memset(ends, 0, sizeof ends);
    memset(transitions, 0, sizeof transitions);
    read_text();
    for (int i = seed % 7; i < TEXT; i += 31)
        if (text[i] != ',' && text[i])
            text[i] ^= (char)(seed & 7);
    read_text();
    for (int i = seed % 7; i < TEXT; i += 31)
        if (text[i] != ',' && text[i])
            text[i] ^= (char)(seed & 7);
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc16(crc, (uint16_t)ends[i]), (uint16_t)transitions[i]);
    return crc;
}

// ---- One round.

static uint16_t round_of_work(uint16_t seed) {
    uint16_t crc = seed;
    Node *list = build_list(seed);
    for (int16_t value = 0; value < 60; value++) {
        const Node *found = find_value(list, value);
        list = reverse(list);
        crc = found ? crc16(crc, (uint16_t)found->cell->key) : crc16(crc, 0xffff);
        if (value % 12 == 0)
            crc = matrices((uint16_t)(crc & 0xff), crc);
        if (value % 12 == 6)
            crc = state_machine((uint16_t)(crc & 0xff), crc);
    }
    list = sort(list, by_value);
    for (const Node *node = list; node; node = node->next)
        crc = crc16(crc, (uint16_t)node->cell->value);
    list = sort(list, by_key);
    for (const Node *node = list; node; node = node->next)
        crc = crc16(crc, (uint16_t)node->cell->key);
    return crc;
}

int main(int argc, char **argv) {
    unsigned count = count_argument(argc, argv);
    uint16_t crc = 0x3415;
    uint64_t sum = 0;
    build_text(crc);
    for (unsigned i = 0; i < count; i++) {
        crc = round_of_work(crc);
        sum = sum * 31 + crc;
    }
    return finish(sum);
}
